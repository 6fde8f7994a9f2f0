import type { Clock } from '@holdfast/db/model';
import type { TestProcess } from '../processes/test-process.ts';

/**
 * Who may be hit next: nobody twice at once, and nobody so often that its supervisor gives up (six
 * ends within a minute). So whatever happens, the installation comes back by itself.
 */
export type Victims = {
  /** Hits one at random; false if all are hit already, or were lately. */
  take(deed: (victim: TestProcess) => Promise<void>): Promise<boolean>;
};

const HITS_MAX = 3;
const WINDOW_MS = 60_000;

export function createVictims(
  processes: readonly TestProcess[],
  clock: Clock,
  fraction: () => number,
): Victims {
  const hit = new Set<TestProcess>();
  const hitsMs = new Map<TestProcess, number[]>();
  const isTired = (one: TestProcess): boolean => {
    const sinceMs = clock.monotonicMs() - WINDOW_MS;
    return (hitsMs.get(one) ?? []).filter((atMs) => atMs > sinceMs).length >= HITS_MAX;
  };
  return {
    take: async (deed) => {
      const free = processes.filter((one) => !hit.has(one) && !isTired(one) && one.pid() !== 0);
      const victim = free[Math.floor(fraction() * free.length)];
      if (victim === undefined) return false;
      hit.add(victim);
      hitsMs.set(victim, [...(hitsMs.get(victim) ?? []), clock.monotonicMs()]);
      await deed(victim).finally(() => hit.delete(victim));
      return true;
    },
  };
}
