import type {
  Ambient,
  BudgetLeft,
  EventId,
  FeedEntry,
  HoldStore,
  OwnerId,
} from '@holdfast/db/model';
import type { Logger, NetworkHash } from '@holdfast/infra/runtime';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { ChartCache } from '../events/chart-cache.ts';
import type { EventCache } from '../events/event-cache.ts';
import type { SeatReader } from '../events/seat-reader.ts';
import type { SteadyClocks } from '../events/steady-clocks.ts';

/** Thins contention on seats; whether it was granted or not, the transition decides. */
export interface SeatLock {
  withSeats<T>(event: EventId, seats: readonly number[], task: () => Promise<T>): Promise<T>;
}

/** Tells hubs, other APIs and owners what this process did. */
export interface Announcer {
  publish(event: EventId, epoch: string, entries: readonly FeedEntry[]): void;
  notifyOwner(owner: OwnerId, notice: OwnerNotice): void;
}

/** The hint to workers that somebody uses an event that is not loaded. */
export interface LiveEventHints {
  add(event: EventId): Promise<void>;
}

/** Counts how often budgets of unbought seat-time were felt. */
export interface BudgetMeter {
  shortened(): void;
  refused(whose: BudgetLeft['whose']): void;
}

/** What the use cases around holds and seats work with. */
export type HoldParts = {
  readonly store: HoldStore;
  readonly clocks: SteadyClocks;
  readonly lock: SeatLock;
  readonly events: EventCache;
  readonly charts: ChartCache;
  readonly reader: SeatReader;
  readonly announcer: Announcer;
  readonly live: LiveEventHints;
  readonly networks: NetworkHash;
  readonly budgets: BudgetMeter;
  readonly ambient: Ambient;
  readonly logger: Logger;
};
