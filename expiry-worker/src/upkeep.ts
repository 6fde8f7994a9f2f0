import type { Ambient, EventHead, EventId, HoldStore } from '@holdfast/db/model';
import type { ArchiveFeed } from './archive-feed.ts';
import type { LiveEvents } from './live-events.ts';
import type { ReconcileSale } from './reconcile-sale.ts';
import { trimBudgets } from './trim-budgets.ts';
import { trimEnded } from './trim-ended.ts';
import type { TroubleLog } from './trouble-log.ts';

/**
 * The slow round: learn of events, follow the catalogue's sale state, archive and trim. Nothing here
 * is urgent and every step may be done twice or by several workers; what fails waits a minute.
 */
export type Upkeep = {
  start(): void;
  /** Leaves the events not yet kept to the others; resolves when no round is under way. */
  stop(): Promise<void>;
};

/** On average; jittered by a quarter, so that workers do not walk in step. */
export const UPKEEP_PERIOD_MS = 60_000;

export type UpkeepParts = {
  readonly store: Pick<HoldStore, 'heads' | 'trimEnded' | 'trimBudget'>;
  readonly ambient: Ambient;
  readonly live: LiveEvents;
  readonly reconcileSale: ReconcileSale;
  readonly archiveFeed: ArchiveFeed;
  readonly onTrouble: TroubleLog;
};

export function createUpkeep(parts: UpkeepParts): Upkeep {
  const { ambient, live, store, onTrouble } = parts;
  let isStopped = false;
  let cancel = (): void => undefined;
  let round: Promise<void> = Promise.resolve();

  const keepAll = async (): Promise<void> => {
    await live.unite().catch((error: unknown) => onTrouble('listing events', error));
    for (const event of live.list()) {
      if (isStopped) return;
      // Each for itself: while a part of a cluster is away, the events of the others are kept.
      const [head] = await store.heads([event]).catch((error: unknown) => {
        onTrouble('reading the head', error, event);
        return [];
      });
      if (head != null) await keepEvent(parts, event, head);
    }
  };
  const schedule = (): void => {
    if (isStopped) return;
    const delayMs = UPKEEP_PERIOD_MS * (0.75 + ambient.random.fraction() / 2);
    cancel = ambient.timers.after(delayMs, () => {
      round = keepAll()
        .catch((error: unknown) => onTrouble('upkeep', error))
        .finally(schedule);
    });
  };
  return {
    start: schedule,
    stop: async () => {
      isStopped = true;
      cancel();
      await round;
    },
  };
}

async function keepEvent(parts: UpkeepParts, event: EventId, head: EventHead): Promise<void> {
  const steps = {
    'following the sale': () => parts.reconcileSale(event, head),
    'archiving the feed': () => parts.archiveFeed(event, head),
    'trimming ended holds': () => trimEnded(parts.store, event),
    'trimming budgets': () => trimBudgets(parts.store, event),
  };
  for (const [what, step] of Object.entries(steps)) {
    try {
      await step();
    } catch (error) {
      parts.onTrouble(what, error, event);
    }
  }
}
