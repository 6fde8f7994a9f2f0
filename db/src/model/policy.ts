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
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export const DEFAULT_POLICY: Policy = {
  holdTtlMs: 4 * MINUTE_MS,
  extendMs: MINUTE_MS,
  maxExtensions: 10,
  maxTotalMs: 14 * MINUTE_MS,
  maxSeats: 8,
};

/** Inclusive bounds. A Cosmos batch takes 100 operations, which caps the seats of a booking. */
export const POLICY_BOUNDS: { readonly [Key in keyof Policy]: readonly [number, number] } = {
  holdTtlMs: [5 * SECOND_MS, 60 * MINUTE_MS],
  extendMs: [SECOND_MS, 60 * MINUTE_MS],
  maxExtensions: [0, 100],
  maxTotalMs: [5 * SECOND_MS, 60 * MINUTE_MS],
  maxSeats: [1, 40],
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

/** Seats that any hold of any event may have; the size limit of lists at every edge. */
export const SEATS_PER_HOLD_MAX = POLICY_BOUNDS.maxSeats[1];
