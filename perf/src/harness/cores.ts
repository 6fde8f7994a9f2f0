import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The core that the measured process has for itself, and the one that everything else shares. */
export const MEASURED_CORE = 0;
export const LOAD_CORE = 1;

/**
 * Ties processes to a core with all their threads, so that load and server do not take turns on
 * one. Answers in a sentence what was done; where it cannot be done the figures stand without it.
 */
export async function tieToCores(parts: {
  readonly measured: readonly number[];
  readonly load: readonly number[];
}): Promise<string> {
  if (availableParallelism() < 2) return 'One core only: load and server share it.';
  try {
    for (const pid of parts.measured) await tie(pid, MEASURED_CORE);
    for (const pid of parts.load) await tie(pid, LOAD_CORE);
    return `taskset: what is measured on core ${MEASURED_CORE}; load, Redis and the rest on core ${LOAD_CORE}.`;
  } catch {
    return 'taskset is missing or refused: processes move between cores.';
  }
}

async function tie(pid: number, core: number): Promise<void> {
  if (pid > 0) await run('taskset', ['-a', '-c', '-p', `${core}`, `${pid}`]);
}
