import type { DraftPoint } from '../draft.ts';

/**
 * A pretix row does not say where its aisles are, so they are found by distance: seats that are
 * clearly farther apart than neighbours usually are have an aisle, a pillar or a table between them.
 */

/** A gap is an aisle when it is longer than the usual one by this factor. */
const AISLE_FACTOR = 1.6;
/** With fewer gaps than this a row does not know what is usual, and asks the whole plan. */
const ROW_GAPS_MIN = 3;

/** Distances from each seat to the next. */
export function gapsOf(points: readonly DraftPoint[]): number[] {
  return points.slice(1).map((point, at) => {
    const before = points[at] ?? point;
    return Math.hypot(point.x - before.x, point.y - before.y);
  });
}

/** Positions after which the gap is an aisle. `usual` is the median gap of the whole plan. */
export function aislesIn(points: readonly DraftPoint[], usual: number): Set<number> {
  const gaps = gapsOf(points);
  const typical = gaps.length >= ROW_GAPS_MIN ? median(gaps) : usual;
  return new Set(gaps.flatMap((gap, at) => (gap > typical * AISLE_FACTOR ? [at] : [])));
}

/** The middle value, 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
