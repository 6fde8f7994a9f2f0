import type { Ratio } from './ratio.ts';
import type { Summary } from './statistics.ts';

/** A figure: one question, answered by one run that starts and stops all it needs. */
export type Figure = {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  /** Must end by itself; gives up with an error at `limitMs` (three times the usual). */
  readonly limitMs: number;
  run(run: FigureRun): Promise<FigureResult>;
};

export type FigureRun = {
  /** Smaller and with fewer rounds: the shape of the figure, not the figure. */
  readonly quick: boolean;
  /** A line about progress, for a person who waits. */
  readonly say: (line: string) => void;
  /** Aborted when the time is up or the run is interrupted. */
  readonly signal: AbortSignal;
};

/** One number with its unit; `low` and `high` are the extremes over the slices of a run. */
export type Measure = {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
};

/** Something that must be true after a run; if it is not, the figure is a failure. */
export type Check = { readonly what: string; readonly passed: boolean };

export type FigureResult = {
  readonly measures: readonly Measure[];
  readonly ratios: readonly Ratio[];
  readonly checks: readonly Check[];
  /** Whole sentences: what was run, what limits it, what to keep in mind. */
  readonly notes: readonly string[];
};

/** A measure out of the slices of a run. */
export function measureOf(label: string, unit: string, { median, min, max }: Summary): Measure {
  return { label, unit, value: median, low: min, high: max };
}
