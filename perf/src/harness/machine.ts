import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, type as osType, release, totalmem } from 'node:os';

/** What a figure was measured on; without it a number means nothing. */
export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly redis: string;
  /** Of core 0; 'unknown' where the kernel does not tell, as in most virtual machines. */
  readonly governor: string;
  readonly commit: string;
  /** Runnable processes over the last minute before the run: a quiet machine is near 0. */
  readonly loadBefore: number;
  /** RFC 3339. */
  readonly date: string;
};

const GB = 1_024 ** 3;
const GOVERNOR_FILE = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';

export function describeMachine(nowMs: number): Machine {
  const known = cpus();
  return {
    cpu: known[0]?.model ?? 'unknown',
    cores: known.length,
    memoryGb: Math.round((totalmem() / GB) * 10) / 10,
    kernel: `${osType()} ${release()}`,
    node: process.version,
    redis: outputOf(process.env['REDIS_SERVER'] ?? 'redis-server', ['--version'], /v=(\S+)/),
    governor: contentOf(GOVERNOR_FILE),
    commit: outputOf('git', ['rev-parse', '--short', 'HEAD'], /(\w+)/),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    date: new Date(nowMs).toISOString(),
  };
}

/** Above this a run shares the machine with something else. */
const QUIET_LOAD_MAX = 0.5;

/** A sentence for people about neighbours on the machine, or null when there are none. */
export function noiseOf({ loadBefore, cores }: Machine): string | null {
  if (loadBefore <= QUIET_LOAD_MAX) return null;
  return `The machine was not quiet: ${loadBefore} processes wanted its ${cores} cores before the run.`;
}

function outputOf(program: string, words: readonly string[], pattern: RegExp): string {
  try {
    const output = execFileSync(program, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return pattern.exec(output)?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
