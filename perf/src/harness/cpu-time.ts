import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const MS_PER_SECOND = 1_000;
/** Linux counts in ticks of this length on every machine in use; `getconf` says it where it exists. */
const USUAL_TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat after the command, which is in brackets and may hold blanks (man proc). */
const UTIME_FIELD = 11;
const STIME_FIELD = 12;

let ticksPerSecond: number | undefined;

/**
 * CPU time that a process has used so far, user and system, all threads, in ms; a tick (10 ms) is
 * the finest it tells. Throws where there is no /proc: CPU figures need Linux.
 */
export function cpuTimeMs(pid: number): number {
  const stat = readStat(pid);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[UTIME_FIELD]) + Number(fields[STIME_FIELD]);
  ticksPerSecond ??= readTicksPerSecond();
  return (ticks / ticksPerSecond) * MS_PER_SECOND;
}

/** CPU time of this process so far in ms, to the microsecond. */
export function ownCpuTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MS_PER_SECOND;
}

/** CPU and wall time between two instants. */
export type Spent = { readonly wallMs: number; readonly cpuMs: readonly number[] };

/** Runs `task` and tells what each of the processes used meanwhile, in the order of `pids`. */
export async function spendingOf<T>(
  pids: readonly number[],
  task: () => Promise<T>,
): Promise<{ readonly value: T; readonly spent: Spent }> {
  const before = pids.map(cpuTimeMs);
  const startedMs = performance.now();
  const value = await task();
  const wallMs = performance.now() - startedMs;
  const cpuMs = pids.map((pid, at) => cpuTimeMs(pid) - (before[at] ?? 0));
  return { value, spent: { wallMs, cpuMs } };
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (cause) {
    throw new Error(`The CPU time of process ${pid} cannot be read; this needs Linux's /proc.`, {
      cause,
    });
  }
}

function readTicksPerSecond(): number {
  try {
    const told = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
    return told > 0 ? told : USUAL_TICKS_PER_SECOND;
  } catch {
    return USUAL_TICKS_PER_SECOND;
  }
}
