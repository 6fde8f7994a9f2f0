/** Counts what was done and how it ended: `place` -> `held` -> 812. */
export type Tally = {
  count(verb: string, outcome: string): void;
  of(verb: string, outcome?: string): number;
  /** One line a verb, outcomes by frequency. */
  lines(): string[];
};

export function createTally(): Tally {
  const verbs = new Map<string, Map<string, number>>();
  const sum = (counts: Iterable<number>): number => {
    let total = 0;
    for (const count of counts) total += count;
    return total;
  };
  return {
    count: (verb, outcome) => {
      const outcomes = verbs.get(verb) ?? new Map<string, number>();
      verbs.set(verb, outcomes);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
    of: (verb, outcome) => {
      const outcomes = verbs.get(verb) ?? new Map<string, number>();
      return outcome === undefined ? sum(outcomes.values()) : (outcomes.get(outcome) ?? 0);
    },
    lines: () =>
      [...verbs].map(([verb, outcomes]) => {
        const byCount = [...outcomes].sort(([, one], [, other]) => other - one);
        const parts = byCount.map(([outcome, count]) => `${outcome} ${count}`);
        return `${verb} ${sum(outcomes.values())}: ${parts.join(', ')}`;
      }),
  };
}
