/**
 * Where seats sit along a row, in centimetres from its middle. A row is a line here; whether it is
 * bent is the block's business.
 */
export type RowPlaces = {
  /** Ascending. */
  readonly places: readonly number[];
  /** Positions after which an aisle follows. */
  readonly breaks: ReadonlySet<number>;
};

/** Distances are compared with this much tolerance, so that ten seats of 50 fit into 500. */
const TOLERANCE = 1e-6;

/** How many seats of `spacing` fit between two ends. */
function fit(from: number, to: number, spacing: number): number {
  return Math.max(0, Math.floor((to - from) / spacing + TOLERANCE));
}

/** The free stretches of a row of `length` with aisles in it. */
function stretches(
  length: number,
  margin: number,
  aisles: readonly number[],
  aisleWidth: number,
): (readonly [number, number])[] {
  const ends: [number, number][] = [];
  let from = margin - length / 2;
  for (const aisle of [...aisles].sort((a, b) => a - b)) {
    ends.push([from, aisle - aisleWidth / 2]);
    from = aisle + aisleWidth / 2;
  }
  ends.push([from, length / 2 - margin]);
  return ends.filter(([start, end]) => end > start);
}

export type RowSpace = {
  readonly length: number;
  readonly margin: number;
  readonly aisles: readonly number[];
  readonly aisleWidth: number;
  readonly spacing: number;
};

/** Seats that `fillRow` would make, without making them. */
export function countFilled(space: RowSpace): number {
  return stretches(space.length, space.margin, space.aisles, space.aisleWidth).reduce(
    (sum, [from, to]) => sum + fit(from, to, space.spacing),
    0,
  );
}

/** As many seats as fit, each stretch between aisles centred in itself. */
export function fillRow(space: RowSpace): RowPlaces {
  const runs = stretches(space.length, space.margin, space.aisles, space.aisleWidth).map(
    ([from, to]) => {
      const count = fit(from, to, space.spacing);
      return { count, start: (from + to) / 2 - ((count - 1) * space.spacing) / 2 };
    },
  );
  return joinRuns(runs, space.spacing);
}

/** Exactly these runs, centred on the row's middle, an aisle between each two. */
export function layRuns(counts: readonly number[], spacing: number, aisleWidth: number): RowPlaces {
  const seats = counts.reduce((sum, count) => sum + count, 0);
  const total = seats * spacing + (counts.length - 1) * aisleWidth;
  let start = spacing / 2 - total / 2;
  const runs = counts.map((count) => {
    const run = { count, start };
    start += count * spacing + aisleWidth;
    return run;
  });
  return joinRuns(runs, spacing);
}

function joinRuns(
  runs: readonly { readonly count: number; readonly start: number }[],
  spacing: number,
): RowPlaces {
  const places: number[] = [];
  const breaks = new Set<number>();
  for (const { count, start } of runs) {
    if (count > 0 && places.length > 0) breaks.add(places.length - 1);
    for (let at = 0; at < count; at += 1) places.push(start + at * spacing);
  }
  return { places, breaks };
}
