import { type Chart, seatLabels } from '@holdfast/db/model';

/** Neighbouring seats of an event: labels of each row, cut at its aisles. */
export type SeatRows = {
  readonly chartHash: string;
  readonly runs: readonly (readonly string[])[];
};

export function seatRows(chart: Chart, chartHash: string): SeatRows {
  const labels = seatLabels(chart);
  const runs: string[][] = [];
  let index = 0;
  for (const section of chart.sections) {
    for (const row of section.rows) {
      let run: string[] = [];
      for (let at = 0; at < row.numbers.length; at += 1) {
        run.push(labels[index] ?? '');
        index += 1;
        if (row.breaks.includes(at) || at + 1 === row.numbers.length) {
          runs.push(run);
          run = [];
        }
      }
    }
  }
  return { chartHash, runs };
}

/** Up to `wanted` seats side by side, somewhere. */
export function pickNeighbours(rows: SeatRows, wanted: number, fraction: () => number): string[] {
  const run = rows.runs[Math.floor(fraction() * rows.runs.length)] ?? [];
  const count = Math.min(wanted, run.length);
  const first = Math.floor(fraction() * (run.length - count + 1));
  return run.slice(first, first + count);
}
