/** What an event allows a shopper; checked at the HTTP edge and again in the scripts. */
export type Policy = {
  /** Length of a fresh hold. */
  readonly holdTtlMs: number;
  /** An extension moves the deadline to at least now + this. */
  readonly extendMs: number;
  readonly maxExtensions: number;
  /** From placing to the last possible deadline. */
  readonly maxTotalMs: number;
  /** Seats in one hold. */
  readonly maxSeats: number;
  /**
   * How long one owner may hold seats without buying them, in seat-milliseconds (two seats for a
   * minute are 120,000); 0 = as long as they like. `machine/budget.ts` tells what happens on the way.
   */
  readonly ownerBudgetMs: number;
  /** The same for all owners behind one address, which may be a whole office or mobile network. */
  readonly addressBudgetMs: number;
  /** In this time a budget that was spent is whole again. */
  readonly budgetRefillMs: number;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export const DEFAULT_POLICY: Policy = {
  holdTtlMs: 4 * MINUTE_MS,
  extendMs: MINUTE_MS,
  maxExtensions: 10,
  maxTotalMs: 14 * MINUTE_MS,
  maxSeats: 8,
  // Two of the largest holds with all their extensions before anything is felt.
  ownerBudgetMs: 4 * HOUR_MS,
  // 200 baskets of three seats at once, none of them bought yet.
  addressBudgetMs: 40 * HOUR_MS,
  budgetRefillMs: 4 * HOUR_MS,
};

/** Inclusive bounds. A Cosmos batch takes 100 operations, which caps the seats of a booking. */
export const POLICY_BOUNDS: { readonly [Key in keyof Policy]: readonly [number, number] } = {
  holdTtlMs: [5 * SECOND_MS, 60 * MINUTE_MS],
  extendMs: [SECOND_MS, 60 * MINUTE_MS],
  maxExtensions: [0, 100],
  maxTotalMs: [5 * SECOND_MS, 60 * MINUTE_MS],
  maxSeats: [1, 40],
  ownerBudgetMs: [0, 10_000_000_000],
  addressBudgetMs: [0, 1_000_000_000_000],
  budgetRefillMs: [SECOND_MS, 7 * 24 * HOUR_MS],
};

/** The first field of a policy that is out of bounds, or null. A fresh hold must fit in the total. */
export function wrongPolicyField(policy: Policy): keyof Policy | null {
  for (const [field, [least, most]] of Object.entries(POLICY_BOUNDS)) {
    const key = field as keyof Policy; // the keys of POLICY_BOUNDS are those of Policy
    const value = policy[key];
    if (!Number.isInteger(value) || value < least || value > most) return key;
  }
  return policy.maxTotalMs < policy.holdTtlMs ? 'maxTotalMs' : null;
}

export type PolicyChanges = { readonly [Key in keyof Policy]?: Policy[Key] | undefined };

/** A policy of which only some fields were given; the others are the defaults. */
export function completePolicy(given: PolicyChanges): Policy {
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_POLICY, ...Object.fromEntries(known) };
}

/**
 * The policy of a new event. Unless its operator says otherwise, one address may hold no more than
 * the whole hall for the length of one hold without buying: what is generous in an arena would be
 * the end of a small hall's sale.
 */
export function policyOfNewEvent(given: PolicyChanges, seatCount: number): Policy {
  const policy = completePolicy(given);
  const addressBudgetMs = Math.min(policy.addressBudgetMs, seatCount * policy.holdTtlMs);
  return given.addressBudgetMs === undefined ? { ...policy, addressBudgetMs } : policy;
}

// Object.keys forgets that these are the fields of a policy.
export const POLICY_FIELDS = Object.keys(POLICY_BOUNDS) as readonly (keyof Policy)[];

/** Seats that any hold of any event may have; the size limit of lists at every edge. */
export const SEATS_PER_HOLD_MAX = POLICY_BOUNDS.maxSeats[1];
