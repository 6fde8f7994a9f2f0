import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath } from '../local/redis/redis-program.ts';

const COMPILE_LIMIT_MS = 10_000;

/** The first C compiler of these names that works, with the headers of the C library; or null. */
export async function findCompiler(
  names: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const compiler = await findOnPath(names, env['PATH'] ?? '');
  return compiler !== null && (await compiles(compiler, env)) ? compiler : null;
}

function compiles(compiler: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const includes = ['-fsyntax-only', '-include', 'stdio.h', '-x', 'c', '/dev/null'];
  return promisify(execFile)(compiler, includes, { env, timeout: COMPILE_LIMIT_MS }).then(
    () => true,
    () => false,
  );
}
