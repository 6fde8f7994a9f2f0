/** One measured slice: numbers by name, such as `perSecond` or `cpuUs`. */
export type Sample = Readonly<Record<string, number>>;

/** Measures one slice; `slice` counts from 0 within the variant. */
export type Variant<S extends Sample> = (slice: number) => Promise<S>;

export type Interleaved<Name extends string, S extends Sample> = Readonly<Record<Name, S[]>>;

/**
 * Measures the variants in turn, forward and back again: A B B A, `rounds` times. What drifts while
 * a benchmark runs (clock rate, neighbours on the machine, a growing heap) then falls on all of them
 * alike, and slice n of one stands next to slice n of the other.
 */
export async function interleave<Name extends string, S extends Sample>(
  variants: Readonly<Record<Name, Variant<S>>>,
  rounds: number,
): Promise<Interleaved<Name, S>> {
  // The keys of a record that is typed by them.
  const names = Object.keys(variants) as Name[];
  const samples = new Map<Name, S[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of [...names, ...names.toReversed()]) {
      const taken = samples.get(name) ?? [];
      taken.push(await variants[name](taken.length));
    }
  }
  // Every name was put in above.
  return Object.fromEntries(samples) as Record<Name, S[]>;
}
