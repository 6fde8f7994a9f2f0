import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath } from '../local/redis/redis-program.ts';

const BRING_IT =
  'sudo apt-get install spin gcc libc6-dev (macOS: brew install spin, xcode-select --install)';
const COMPILE_LIMIT_MS = 10_000;

/**
 * Why models cannot be checked here, or null. Spin turns a model into a C program, so it also needs
 * a compiler under the name `gcc`, with the headers of the C library.
 */
export async function whyNoSpin(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const path = env['PATH'] ?? '';
  if ((await findOnPath(['spin'], path)) === null) return `needs Spin: ${BRING_IT}`;
  const gcc = await findOnPath(['gcc'], path);
  if (gcc === null || !(await compiles(gcc, env))) return `needs a C compiler: ${BRING_IT}`;
  return null;
}

function compiles(gcc: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const includes = ['-fsyntax-only', '-include', 'stdio.h', '-x', 'c', '/dev/null'];
  return promisify(execFile)(gcc, includes, { env, timeout: COMPILE_LIMIT_MS }).then(
    () => true,
    () => false,
  );
}
