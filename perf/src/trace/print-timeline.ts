import type { Step } from './timeline.ts';

const WHAT_WIDTH = 8;
const SINCE_WIDTH = 12;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** One line a step: the instant, the time since the step before, what it was. */
export function linesOf(steps: readonly Step[]): string[] {
  let before: number | null = null;
  const lines: string[] = [];
  for (const { atMs, what, detail } of steps) {
    const since = before === null ? '' : `+${spanText(atMs - before)}`;
    before = atMs;
    const instant = new Date(atMs).toISOString();
    lines.push(`${instant}  ${since.padStart(SINCE_WIDTH)}  ${what.padEnd(WHAT_WIDTH)} ${detail}`);
  }
  const [first, last] = [steps[0], steps.at(-1)];
  if (first !== undefined && last !== undefined && steps.length > 1) {
    lines.push(`${spanText(last.atMs - first.atMs)} from the first step to the last.`);
  }
  return lines;
}

export function spanText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(2)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
