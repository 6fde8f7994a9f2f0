import type { Ambient, EventId, HoldId, HoldStore } from '@holdfast/db/model';
import { retryDelayMs } from '../retry/retry-delay.ts';
import { SingleTimer } from '../retry/single-timer.ts';

/** Asks whether the store still knows a hold; `lost` is called once if it does not. */
export interface HoldRollCall {
  ask(event: EventId, hold: HoldId, lost: () => void): void;
  stop(): void;
}

export type HoldRollCallParts = {
  readonly store: Pick<HoldStore, 'knownHolds'>;
  readonly ambient: Ambient;
  readonly onFailure: (error: unknown) => void;
};

/** Questions of this time go out together: a new epoch makes all owners of an event ask at once. */
const GATHER_MS = 50;
/** Holds of one read. */
const BATCH_MAX = 1_000;
/** Questions that wait; beyond that owners learn it from the API. */
const WAITING_MAX = 100_000;
const RETRY = { firstMs: 200, mostMs: 5_000 };

type Question = { readonly event: EventId; readonly hold: HoldId; readonly lost: () => void };

/**
 * The roll call of holds after a new epoch. A store that came back without some of its holds cannot
 * say which: only the pages of their owners still name them, in `watch`. So the hub looks those up,
 * many in one read, until the store has answered for each; whose hold is unknown is told so.
 */
export function createHoldRollCall(parts: HoldRollCallParts): HoldRollCall {
  const { store, ambient, onFailure } = parts;
  const timer = new SingleTimer(ambient.timers);
  let waiting: Question[] = [];
  let failures = 0;
  let calling = false;

  const callLater = (delayMs: number): void => {
    if (!calling && !timer.armed && waiting.length > 0) timer.arm(delayMs, begin);
  };
  const begin = (): void => {
    calling = true;
    const [event, batch] = nextBatch();
    call(event, batch)
      .then(
        () => {
          failures = 0;
        },
        (error: unknown) => {
          onFailure(error);
          failures += 1;
          waiting.push(...batch);
        },
      )
      .finally(() => {
        calling = false;
        callLater(failures === 0 ? 0 : retryDelayMs(failures - 1, RETRY, ambient.random));
      });
  };
  /** Takes questions about the event of the first one out of those that wait. */
  const nextBatch = (): [EventId, Question[]] => {
    const event = waiting[0]?.event ?? ('' as EventId); // never empty here: only called when some wait
    const ofEvent = waiting.filter((question) => question.event === event).slice(0, BATCH_MAX);
    const taken = new Set(ofEvent);
    waiting = waiting.filter((question) => !taken.has(question));
    return [event, ofEvent];
  };
  const call = async (event: EventId, batch: readonly Question[]): Promise<void> => {
    const known = await store.knownHolds(
      event,
      batch.map(({ hold }) => hold),
    );
    for (const { hold, lost } of batch) if (!known.has(hold)) lost();
  };

  return {
    ask: (event, hold, lost) => {
      if (waiting.length >= WAITING_MAX) return;
      waiting.push({ event, hold, lost });
      callLater(GATHER_MS);
    },
    stop: () => {
      waiting = [];
      timer.disarm();
    },
  };
}
