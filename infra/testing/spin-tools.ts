import { findOnPath } from '../local/redis/redis-program.ts';
import { findCompiler } from './c-compiler.ts';

const BRING_IT =
  'sudo apt-get install spin gcc libc6-dev (macOS: brew install spin, xcode-select --install)';

/**
 * Why models cannot be checked here, or null. Spin turns a model into a C program, so it also needs
 * a compiler under the name `gcc`, with the headers of the C library.
 */
export async function whyNoSpin(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if ((await findOnPath(['spin'], env['PATH'] ?? '')) === null) return `needs Spin: ${BRING_IT}`;
  if ((await findCompiler(['gcc'], env)) === null) return `needs a C compiler: ${BRING_IT}`;
  return null;
}
