/** What one test file, or one check of the whole house, came to. */
export type Result = {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly problems: readonly string[];
  readonly output: string;
  readonly durationMs: number;
};

export type Sums = { readonly passed: number; readonly failed: number; readonly skipped: number };

export function sum(results: readonly Result[]): Sums {
  const add = (of: (result: Result) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    passed: add((result) => result.passed),
    failed: add((result) => result.failed),
    skipped: add((result) => result.skipped),
  };
}

/** A run in which nothing passed proves nothing. */
export function isGood(sums: Sums): boolean {
  return sums.failed === 0 && sums.passed > 0;
}
