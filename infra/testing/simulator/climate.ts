import type { Policy } from '@holdfast/db/model';
import type { HallSize } from '../hall-chart.ts';
import { EVENT_FAULTS, type EventFault, MESSAGE_FAULTS, type MessageFault } from './faults.ts';
import type { Chance } from './seeded-chance.ts';

/**
 * What an episode is like. Not every episode has every fault: one that is alone shows what a mix
 * would cover up, so each kind is left out of a good part of the episodes, and so is trouble as a whole.
 */
export type Climate = {
  /** The share of messages that each kind hits. */
  readonly shares: Readonly<Record<MessageFault, number>>;
  /** Kinds that happen at all, one every `faultEveryMs` on average. */
  readonly eventFaults: readonly EventFault[];
  readonly faultEveryMs: number;
  /** One way between two processes, and to the store. */
  readonly delayMs: { readonly least: number; readonly most: number };
  /** What a delta or frame that is overtaken takes longer than the others. */
  readonly detourMs: number;
  /** Locks are granted, never granted, or sometimes slow. */
  readonly locks: 'granted' | 'refused' | 'slow';
  readonly alarms: boolean;
  readonly troubleMs: number;
  readonly apis: number;
  readonly hubs: number;
  readonly workers: number;
  readonly viewers: number;
  readonly shoppers: number;
  /** A shopper thinks this long between two taps, on average. */
  readonly thinkMs: number;
  readonly hall: HallSize;
  readonly policy: Policy;
};

/** Duration of the troubled part of an episode. */
const TROUBLE_MS = { least: 90_000, most: 300_000 } as const;
/** Kinds that an episode has; the same share of episodes is without any. */
const KIND_SHARE = 0.4;
const CALM_SHARE = 0.05;
const SHARES = [0.002, 0.01, 0.03, 0.1] as const;
/** Unbought seat-seconds: not counted, felt now and then, felt soon. */
const OWNER_BUDGETS_MS = [0, 600_000, 60_000] as const;
const ADDRESS_BUDGETS_MS = [0, 2_000_000, 200_000] as const;
const DELAYS = [
  { least: 0.1, most: 0.6 },
  { least: 0.3, most: 3 },
  { least: 1, most: 25 },
] as const;

export function drawClimate(chance: Chance): Climate {
  const calm = chance.happens(CALM_SHARE);
  const has = (): boolean => !calm && chance.happens(KIND_SHARE);
  const shareOf = (): number => (has() ? (chance.pick(SHARES) ?? 0) : 0);
  return {
    shares: sharesOf(shareOf),
    eventFaults: EVENT_FAULTS.filter(has),
    faultEveryMs: chance.between(4_000, 20_000),
    delayMs: chance.pick(DELAYS) ?? DELAYS[0],
    detourMs: chance.pick([20, 200, 1_500]) ?? 20,
    locks: chance.pick(['granted', 'refused', 'slow'] as const) ?? 'granted',
    alarms: chance.happens(0.7),
    troubleMs: chance.between(TROUBLE_MS.least, TROUBLE_MS.most),
    apis: 1 + chance.below(3),
    hubs: 1 + chance.below(2),
    workers: 1 + chance.below(2),
    viewers: 3 + chance.below(4),
    shoppers: 6 + chance.below(12),
    thinkMs: chance.pick([1_500, 4_000, 8_000]) ?? 4_000,
    hall: {
      sections: 1 + chance.below(4),
      rows: 2 + chance.below(4),
      seatsPerRow: 4 + chance.below(8),
    },
    policy: drawPolicy(chance),
  };
}

/** Short holds, so that many of them run out within an episode. */
function drawPolicy(chance: Chance): Policy {
  const holdTtlMs = Math.round(chance.between(5_000, 40_000));
  return {
    holdTtlMs,
    extendMs: Math.round(chance.between(3_000, 30_000)),
    maxExtensions: chance.below(4),
    maxTotalMs: holdTtlMs + Math.round(chance.between(0, 60_000)),
    maxSeats: 2 + chance.below(5),
    ownerBudgetMs: chance.pick(OWNER_BUDGETS_MS) ?? 0,
    addressBudgetMs: chance.pick(ADDRESS_BUDGETS_MS) ?? 0,
    budgetRefillMs: Math.round(chance.between(30_000, 300_000)),
  };
}

/** No faults at all, for the end of an episode. */
export const NO_SHARES = sharesOf(() => 0);

function sharesOf(shareOf: () => number): Readonly<Record<MessageFault, number>> {
  const shares = MESSAGE_FAULTS.map((fault) => [fault, shareOf()] as const);
  // The keys are those of `MESSAGE_FAULTS`, each once.
  return Object.fromEntries(shares) as Record<MessageFault, number>;
}
