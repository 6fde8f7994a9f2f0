import { readTotals } from './totals.ts';

/** What was seen of one test process. */
export type Observation = {
  readonly output: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Who ended it: itself, or the runner, and then why. */
  readonly endedBy: 'itself' | 'time-out' | 'open-handle';
  readonly limitMs: number;
};

export type Verdict = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Sentences; with at least one, `failed` is at least 1. */
  readonly problems: readonly string[];
};

/**
 * Judges a test process by all it showed. uvu's exit code alone is worth nothing: it is 0 for a
 * throwing hook, for a file that forgot `.run()` and for a file without tests.
 *
 * @param skipsFail with CI set nothing may be skipped
 */
export function judge(seen: Observation, skipsFail: boolean): Verdict {
  const blocks = readTotals(seen.output);
  const totals = blocks.at(-1);
  if (totals === undefined) {
    return { passed: 0, failed: 1, skipped: 0, problems: [whyNoTotals(seen)] };
  }
  const { total, passed, skipped } = totals;
  const problems: string[] = [];
  if (seen.endedBy === 'time-out') problems.push(timeOut(seen));
  if (seen.endedBy === 'open-handle') {
    problems.push('a handle was left open: the process stayed alive after its last test');
  }
  if (blocks.length > 1) {
    problems.push('uvu ran more than once: call every .run() without an await in between');
  }
  if (total + skipped === 0) problems.push('it ran no tests');
  if (skipsFail && skipped > 0) problems.push(`${skipped} skipped, and with CI set nothing may be`);
  if (seen.endedBy === 'itself' && passed === total && seen.exitCode !== 0) {
    problems.push(`all tests passed but it ended with ${how(seen)}`);
  }
  if (passed < total && seen.exitCode === 0) {
    problems.push(`${total - passed} did not run: a hook threw`);
  }
  return {
    passed,
    failed: Math.max(total - passed, problems.length > 0 ? 1 : 0),
    skipped,
    problems,
  };
}

function whyNoTotals(seen: Observation): string {
  if (seen.endedBy === 'time-out') return timeOut(seen);
  if (seen.exitCode === 0) return 'it ended without running a test: does it call .run()?';
  return `it crashed with ${how(seen)} before its tests were through`;
}

function timeOut(seen: Observation): string {
  return `it still ran after ${seen.limitMs / 1_000} s and was killed`;
}

function how(seen: Observation): string {
  return seen.signal ?? `exit code ${seen.exitCode}`;
}
