/** A set of samples in three numbers: what a table shows of them. */
export type Summary = {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
};

/** The median with its extremes. Throws `RangeError` on nothing: an empty run has no figure. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = ascending(samples);
  const last = sorted.length - 1;
  return {
    median: ((sorted[last >> 1] ?? 0) + (sorted[(last + 1) >> 1] ?? 0)) / 2,
    min: sorted[0] ?? 0,
    max: sorted[last] ?? 0,
    count: sorted.length,
  };
}

/**
 * The smallest sample that at least `fraction` (0 to 1) of all samples do not exceed (nearest rank),
 * so a percentile is always something that was measured. Throws `RangeError` on nothing.
 */
export function percentile(samples: readonly number[], fraction: number): number {
  const sorted = ascending(samples);
  const rank = Math.ceil(fraction * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? 0;
}

/** How far the sample farthest from the median lies from it, as a part of the median: 0.15 is 15 %. */
export function spreadOf({ median, min, max }: Summary): number {
  if (median === 0) return max === min ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(max - median, median - min) / Math.abs(median);
}

function ascending(samples: readonly number[]): number[] {
  if (samples.length === 0) throw new RangeError('no samples: nothing was measured');
  if (samples.some((sample) => !Number.isFinite(sample))) {
    throw new RangeError('a sample is not a number');
  }
  return [...samples].sort((a, b) => a - b);
}
