import { stripVTControlCharacters } from 'node:util';

export type Totals = { readonly total: number; readonly passed: number; readonly skipped: number };

const BLOCK = / {2}Total: +(\d+)\s+Passed: +(\d+)\s+Skipped: +(\d+)\s+Duration: /g;

/** Every block of totals that uvu printed: one for a file in order. */
export function readTotals(output: string): Totals[] {
  const blocks = stripVTControlCharacters(output).matchAll(BLOCK);
  return [...blocks].map(([, total, passed, skipped]) => ({
    total: Number(total),
    passed: Number(passed),
    skipped: Number(skipped),
  }));
}
