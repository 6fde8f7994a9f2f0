/**
 * The seed of a random test: a fresh one each run, or `HOLDFAST_SEED` to run a failure again. It is
 * printed, so that every red run can be replayed.
 */
export function testSeed(test: string): number {
  const given = Number(process.env['HOLDFAST_SEED'] ?? Number.NaN);
  const seed = Number.isInteger(given) ? given : Math.floor(Math.random() * 2 ** 31);
  console.log(`${test}: HOLDFAST_SEED=${seed}`);
  return seed;
}

/** A small seeded generator (mulberry32): numbers in [0, 1), the same for the same seed. */
export function seededFraction(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
