import type { Random } from '@holdfast/db/model';

export type RetryBounds = { readonly firstMs: number; readonly mostMs: number };

/**
 * How long to wait before attempt number `attempt` (0 = the first repetition): doubling from
 * `firstMs` up to `mostMs`, of which a random half to whole, so that many viewers that lost the
 * same hub do not come back in the same instant.
 */
export function retryDelayMs(attempt: number, bounds: RetryBounds, random: Random): number {
  const most = Math.min(bounds.firstMs * 2 ** Math.min(attempt, 30), bounds.mostMs);
  return most * (0.5 + random.fraction() / 2);
}
