import type {
  Ambient,
  CancelTimer,
  ClockViews,
  DueHead,
  EventId,
  HoldStore,
} from '@holdfast/db/model';
import { withinLimit } from '@holdfast/infra/runtime';

/**
 * The trigger that needs nobody: once a second every worker, without a lease, peeks the next due
 * instant of each live event and arms one timer an event. A fresh hold is due
 * seconds ahead, so a peek always comes before its deadline; a timer for a hold that was extended
 * meanwhile costs one empty sweep.
 */
export type DueTimers = {
  /**
   * Peeks these events now and arms their timers anew. Rejects when one could not be peeked, after
   * all others were: of a cluster a part may be away.
   */
  peek(events: readonly EventId[]): Promise<void>;
  /**
   * Whether this worker has known the event for long enough to end something; else it is due again
   * when it has.
   */
  isFamiliar(event: EventId): boolean;
  /** Its clock is another one than this worker knew: it is as strange as at the first meeting. */
  meetAnew(event: EventId): void;
  stop(): void;
};

export type DueTimersParts = {
  readonly store: Pick<HoldStore, 'nextDue'>;
  readonly ambient: Ambient;
  readonly clocks: ClockViews;
  readonly onDue: (event: EventId) => void;
  /** The event has no open state: somebody must load it. */
  readonly onClosed: (event: EventId) => void;
};

export const PEEK_PERIOD_MS = 1_000;
/** Events asked for at once. */
export const PEEK_EVENTS_MAX = 500;
const PEEK_LIMIT_MS = 5_000;
/**
 * Under a stream of deadlines the next sweep waits this long and takes them together: it bounds a
 * worker to 100 sweeps a second and event, far inside the 250 ms that an expiry may be late.
 */
export const SWEEP_GAP_MS = 10;

/**
 * A worker that has just met an event ends nothing for so long (I6). The clock may have jumped a
 * moment ago: who has watched it since before sees that at its next peek and sets it right, but the
 * newcomer would take it for true and end holds before the time that their owners were told. So
 * would a worker that missed how somebody settled an earlier jump: it meets a clock of another name
 * and another time, and cannot tell the settling from a jump after it.
 */
export const WATCHED_MS = 2 * PEEK_PERIOD_MS;

type Meetings = {
  /** For how long an event is still a strange one, from the first time that it is asked about. */
  strangeMs(event: EventId): number;
  forget(event: EventId): void;
};

function createMeetings({ clock }: Ambient): Meetings {
  const metAtMs = new Map<EventId, number>();
  return {
    strangeMs: (event) => {
      const nowMs = clock.monotonicMs();
      const sinceMs = metAtMs.get(event) ?? nowMs;
      metAtMs.set(event, sinceMs);
      return sinceMs + WATCHED_MS - nowMs;
    },
    forget: (event) => {
      metAtMs.delete(event);
    },
  };
}

export function createDueTimers(parts: DueTimersParts): DueTimers {
  const { store, ambient, clocks } = parts;
  const armed = new Map<EventId, CancelTimer>();
  const meetings = createMeetings(ambient);
  let stopped = false;

  const arm = (event: EventId, delayMs: number): void => {
    armed.get(event)?.();
    const fire = (): void => {
      armed.delete(event);
      parts.onDue(event);
    };
    armed.set(event, ambient.timers.after(delayMs, fire));
  };
  const disarm = (event: EventId): void => {
    armed.get(event)?.();
    armed.delete(event);
  };
  const take = (event: EventId, head: DueHead | null, sentAtMs: number): void => {
    if (stopped) return;
    if (head !== null && clocks.isMoved(event, head.nowMs, head.clock)) meetings.forget(event);
    const strangeForMs = meetings.strangeMs(event);
    if (head === null) {
      clocks.forget(event);
      disarm(event);
      parts.onClosed(event);
      return;
    }
    // A clock that was set back would never reach the deadline: the sweep judges and rebases it.
    const agrees = clocks.agrees(event, head.nowMs, sentAtMs, head.clock);
    const dueAtMs = agrees ? head.dueAtMs : head.nowMs;
    const remainingMs = dueAtMs === null ? null : dueAtMs - head.nowMs;
    // What is due later is seen by a later peek; arming it now would only keep old instants.
    if (remainingMs === null || remainingMs > 2 * PEEK_PERIOD_MS) disarm(event);
    else arm(event, Math.max(SWEEP_GAP_MS, remainingMs, strangeForMs));
  };

  return {
    peek: async (events) => {
      const failures: PromiseRejectedResult[] = [];
      for (let from = 0; from < events.length && !stopped; from += PEEK_EVENTS_MAX) {
        const some = events.slice(from, from + PEEK_EVENTS_MAX);
        const sentAtMs = ambient.clock.monotonicMs();
        const peeks = some.map(async (event) => {
          const [head = null] = await store.nextDue([event]);
          take(event, head, sentAtMs);
        });
        const peeked = await withinLimit(ambient.timers, PEEK_LIMIT_MS, Promise.allSettled(peeks));
        if (peeked.late) throw new Error(`peeking took more than ${PEEK_LIMIT_MS} ms`);
        failures.push(...peeked.value.filter((peek) => peek.status === 'rejected'));
      }
      if (failures[0] !== undefined) throw failures[0].reason;
    },
    isFamiliar: (event) => {
      const leftMs = meetings.strangeMs(event);
      if (leftMs > 0 && !stopped) arm(event, leftMs);
      return leftMs <= 0;
    },
    meetAnew: meetings.forget,
    stop: () => {
      stopped = true;
      for (const cancel of armed.values()) cancel();
      armed.clear();
    },
  };
}
