export const SEATS_PER_HOLD_MAX = 6;

/**
 * What an event that is sold at random allows. Fresh holds run out within the run; an extended one
 * outlives it, so that the last map is not empty.
 */
export const SALE_POLICY = {
  holdTtlMs: 5_000,
  extendMs: 120_000,
  maxExtensions: 3,
  maxTotalMs: 600_000,
  maxSeats: SEATS_PER_HOLD_MAX,
} as const;
