import {
  type EventId,
  type EventState,
  eventId,
  type HoldId,
  type HoldStore,
  holdId,
  type OwnerId,
  ownerId,
  type Policy,
  type Quote,
  type Trail,
} from '@holdfast/db/model';

/** A world small enough that random commands meet each other all the time. */
export const SEATS = 7;
export const CHART = 'chart-a';
export const OTHER_CHART = 'chart-b';
export const POLICY: Policy = {
  holdTtlMs: 5_000,
  extendMs: 3_000,
  maxExtensions: 2,
  maxTotalMs: 9_000,
  maxSeats: 3,
  ownerBudgetMs: 60_000,
  addressBudgetMs: 90_000,
  budgetRefillMs: 60_000,
};
/** So small that three owners behind two addresses come to every step of them. */
export const TIGHT_POLICY: Policy = { ...POLICY, ownerBudgetMs: 12_000, addressBudgetMs: 20_000 };
export const FREE_POLICY: Policy = { ...POLICY, ownerBudgetMs: 0, addressBudgetMs: 0 };
export const TRAIL: Trail = { actor: 'test', reason: '', requestId: 'r-1', traceId: '' };
export const OWNERS: readonly OwnerId[] = ['owner-a', 'owner-b', 'owner-c'].map(ownerId);
export const ADDRESSES: readonly string[] = ['', 'network-1', 'network-2', 'network-2'];
export const DAY_MS = 24 * 60 * 60 * 1_000;

export function theHold(event: EventId, number: number): HoldId {
  return holdId(`${event}.${`hold-${number}`.padEnd(22, '_')}`);
}

export function theQuote(seats: readonly number[]): Quote {
  return { currency: 'GBP', priceVersion: CHART, amounts: seats.map((seat) => 1_000 + seat) };
}

export function numberedEvent(number: number): EventId {
  return eventId(`random-${number}`);
}

/** What a command may look at when it is prepared: the model's state and the last instant told. */
export type World = {
  readonly event: EventId;
  readonly state: EventState;
  readonly lastNowMs: number;
};

/** One random command: its verb for the statistics, and how to send it to either store. */
export type RandomCommand = {
  readonly verb: string;
  /** Arguments are settled from the model before either store runs, so that both get the same. */
  prepare(world: World): (store: HoldStore) => Promise<{ outcome: string; nowMs: number }>;
};
