import type { Ambient } from '@holdfast/db/model';
import { withinLimit } from '@holdfast/infra/runtime';
import { type DueTimers, PEEK_PERIOD_MS } from './due-timers.ts';
import type { LiveEvents } from './live-events.ts';
import type { TroubleLog } from './trouble-log.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** The quick round: each second one bounded look at every live event, never two at a time. */
export type EventLooks = {
  /** Resolves after the first look. */
  start(): Promise<void>;
  /** No look begins after this; resolves when none is under way. */
  stop(): Promise<void>;
  /** Whether every event was looked at lately, so that nothing can be overdue unseen. */
  isReady(): boolean;
};

const LOOK_LIMIT_MS = 10_000;
const READY_WITHIN_MS = 5 * PEEK_PERIOD_MS;

export function createEventLooks(parts: {
  readonly ambient: Ambient;
  readonly live: LiveEvents;
  readonly dueTimers: DueTimers;
  readonly metrics: WorkerMetrics;
  readonly onTrouble: TroubleLog;
}): EventLooks {
  const { live, dueTimers, metrics, onTrouble } = parts;
  const { timers, clock } = parts.ambient;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  let isStopped = false;
  let cancel = (): void => undefined;

  const lookAtAll = async (): Promise<void> => {
    await live.readHints().catch((error: unknown) => onTrouble('reading hints', error));
    metrics.liveEvents(live.list().length);
    await dueTimers.peek(live.list());
    lookedAtMs = clock.monotonicMs();
  };
  const look = async (): Promise<void> => {
    try {
      const end = await withinLimit(timers, LOOK_LIMIT_MS, lookAtAll());
      if (end.late) throw new Error(`a look at all events took more than ${LOOK_LIMIT_MS} ms`);
    } catch (error) {
      onTrouble('looking at events', error);
    }
  };
  const lookIfIdle = (): void => {
    looking ??= look().finally(() => {
      looking = null;
    });
  };
  return {
    start: async () => {
      cancel = timers.every(PEEK_PERIOD_MS, lookIfIdle);
      lookIfIdle();
      await looking;
    },
    stop: async () => {
      isStopped = true;
      cancel();
      dueTimers.stop();
      await looking;
    },
    isReady: () => !isStopped && clock.monotonicMs() - lookedAtMs <= READY_WITHIN_MS,
  };
}
