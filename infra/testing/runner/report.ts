import { stripVTControlCharacters } from 'node:util';
import { type Result, type Sums, sum } from './result.ts';

const BRIEF_LINES_MAX = 4;
const RULE = '-'.repeat(72);

/** What is printed when a file is through: all of a failing one's output, little of a passing one's. */
export function describe(result: Result, verbose: boolean): string {
  const seconds = (result.durationMs / 1_000).toFixed(1);
  const mark = result.failed > 0 ? 'FAIL' : result.passed > 0 ? 'ok  ' : 'skip';
  const lines = [`${mark}  ${result.name}  ${counts(result)}  ${seconds} s`];
  if (result.failed > 0 || verbose) {
    lines.push(...result.problems.map((problem) => `      ${problem}`));
    const output = result.output.trimEnd();
    if (output !== '') lines.push(RULE, output, RULE);
  } else {
    lines.push(...brief(result.output), ...result.problems.map((why) => `      ${why}`));
  }
  return lines.join('\n');
}

/** The first lines that the tests themselves wrote, such as seeds and what was skipped. */
function brief(output: string): string[] {
  const own = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.trim() !== '' && !isOfUvu(line));
  const more = own.length - BRIEF_LINES_MAX;
  const kept = own.slice(0, BRIEF_LINES_MAX).map((line) => `      ${line}`);
  return more > 0 ? [...kept, `      ... ${more} more lines (--verbose shows them)`] : kept;
}

function isOfUvu(line: string): boolean {
  return /^ {2}(Total|Passed|Skipped|Duration): |\(\d+ \/ \d+\)$|^[ •]+$/.test(line);
}

/** Every suite's share of the summed time, the slowest first. */
export function tableOfShares(results: readonly Result[]): string {
  const allMs = results.reduce((total, result) => total + result.durationMs, 0);
  const rows = results
    .filter((result) => result.durationMs > 0)
    .sort((one, other) => other.durationMs - one.durationMs)
    .map((result) => {
      const share = `${((100 * result.durationMs) / allMs).toFixed(1)} %`;
      const seconds = `${(result.durationMs / 1_000).toFixed(1)} s`;
      return `${share.padStart(7)} ${seconds.padStart(8)}  ${result.name}`;
    });
  return ['  share     time  suite', ...rows].join('\n');
}

/** The failing ones by name with what is wrong, for the end of a long run. */
export function listOfFailures(results: readonly Result[]): string {
  return results
    .filter((result) => result.failed > 0)
    .map((result) => [`FAIL  ${result.name}`, ...result.problems].join('\n      '))
    .join('\n');
}

/** The last line of a run: `3 passed, 0 failed` and `, 1 skipped` where there are any. */
export function lastLine(results: readonly Result[]): string {
  return counts(sum(results));
}

function counts({ passed, failed, skipped }: Sums): string {
  const kept = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${kept}, ${skipped} skipped` : kept;
}
