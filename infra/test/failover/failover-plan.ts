import type { Ambient, Holder } from '@holdfast/db/model';
import type { RedisConnection, StoredEvent } from '@holdfast/db/redis';
import type { TestStack } from '@holdfast/infra/testing';
import type { OpenShow } from '../../testing/open-show.ts';
import type { SoldSeats } from './sold-seats.ts';

/** A random sale on a whole stack, and what happens to its Redis in the midst of it. */
export type FailoverPlan = {
  readonly stack: TestStack;
  readonly redis: RedisConnection;
  readonly show: OpenShow;
  readonly ambient: Ambient;
  readonly seed: number;
  /** Wanted by shoppers of their own all the time; they are not among the seats of `show`. */
  readonly sold?: SoldSeats;
  /** The seats that a load stored, if the last life began with one. */
  readonly loaded?: (after: StoredEvent) => ReadonlyMap<number, Holder>;
  /** From then on nothing that is acknowledged survives; without it, that is left to chance. */
  readonly stall?: () => Promise<void>;
  /** How long the sale goes on like that. */
  readonly stalledMs?: number;
  /** Ends the Redis of the event; resolves when no client is told anything by it any more. */
  readonly kill: () => Promise<void>;
  /** Brings what comes after it, where that does not come by itself. */
  readonly revive?: () => Promise<void>;
};

export const SHOPPERS = 24;
