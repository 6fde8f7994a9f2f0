import { execFile } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findCompiler } from '../c-compiler.ts';

/**
 * The clock of the machine that Redis runs on, in a test's hand: a small library that is built here
 * and preloaded into the server (`redis-clock.c`). A jump takes effect at once, while the server
 * runs; the server's monotonic time, and the clocks of everybody else, go on as they are.
 */
export type RedisClock = {
  /** Added to the environment of the servers that go by this clock. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets the clock forward, or back by a negative number. */
  jump(byMs: number): void;
  /** By how much it is ahead of the true time. */
  aheadMs(): number;
  /** Removes what was built; call it after the servers are gone. */
  remove(): Promise<void>;
};

const SOURCE = fileURLToPath(new URL('redis-clock.c', import.meta.url));
const COMPILERS = ['cc', 'gcc', 'clang'];
const BUILD_LIMIT_MS = 30_000;
const MICROS_PER_MS = 1_000;
const BRING_IT = 'sudo apt-get install gcc libc6-dev';

/** Why no server can be given a clock here, or null. */
export async function whyNoRedisClock(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  if (platform !== 'linux') return 'needs Linux: a clock is preloaded into redis-server';
  if ((await findCompiler(COMPILERS, env)) === null) return `needs a C compiler: ${BRING_IT}`;
  return null;
}

/** Builds a clock that shows the true time. Throws when there is no compiler. */
export async function makeRedisClock(): Promise<RedisClock> {
  const compiler = await findCompiler(COMPILERS, process.env);
  if (compiler === null) throw new Error(`a clock for Redis needs a C compiler: ${BRING_IT}`);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-clock-'));
  const library = join(folder, 'redis-clock.so');
  const words = ['-shared', '-fPIC', '-O2', '-Wall', '-Werror', '-o', library, SOURCE];
  await promisify(execFile)(compiler, words, { timeout: BUILD_LIMIT_MS });
  const shiftFile = join(folder, 'shift');
  const file = openSync(shiftFile, 'w');
  let shiftMs = 0;
  const write = (): void => {
    const micros = new BigInt64Array([BigInt(Math.round(shiftMs * MICROS_PER_MS))]);
    writeSync(file, micros, 0, micros.byteLength, 0);
  };
  write();
  return {
    env: { LD_PRELOAD: library, HOLDFAST_TEST_CLOCK_FILE: shiftFile },
    jump: (byMs) => {
      shiftMs += byMs;
      write();
    },
    aheadMs: () => shiftMs,
    remove: async () => {
      closeSync(file);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
