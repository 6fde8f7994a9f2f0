import { SCRIPTS } from '../../src/redis/script-table.ts';

/** How often each (transition, outcome) pair occurred; a pair that never did was never compared. */
export type OutcomeCounts = Map<string, number>;

/** `nextDue` answers no outcome of its own; it is compared at the end of every sequence. */
const NOT_DRIVEN: ReadonlySet<string> = new Set(['next_due']);

export function countOutcome(counts: OutcomeCounts, verb: string, outcome: string): void {
  const pair = `${verb} ${outcome}`;
  counts.set(pair, (counts.get(pair) ?? 0) + 1);
}

/** The pairs of the script table that did not occur. */
export function missingOutcomes(counts: OutcomeCounts): string[] {
  return Object.entries(SCRIPTS)
    .filter(([verb]) => !NOT_DRIVEN.has(verb))
    .flatMap(([verb, { outcomes }]) => outcomes.map((outcome) => `${verb} ${outcome}`))
    .filter((pair) => !counts.has(pair));
}

export function printOutcomes(counts: OutcomeCounts): void {
  for (const verb of Object.keys(SCRIPTS)) {
    const mine = [...counts].filter(([pair]) => pair.startsWith(`${verb} `));
    if (mine.length === 0) continue;
    const list = mine
      .sort(([, a], [, b]) => b - a)
      .map(([pair, n]) => `${pair.split(' ')[1]} ${n}`);
    console.log(`  ${verb.padEnd(14)} ${list.join(' · ')}`);
  }
}
