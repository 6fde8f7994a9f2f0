import { parseArgs } from 'node:util';
import { KINDS, type Kind } from './kinds.ts';

export const HELP = `npm test [-- [flags] [pattern ...]]

Checks types and lint and runs every test file, each in a process of its own. With patterns only
the files (and checks: "types", "lint") whose path contains one of them.

  --kind KIND   only tests of this kind: ${KINDS.join(', ')}; may be given several times
  --seed S      the seed of random tests, a whole number, to see a printed failure again
  --verbose     the whole output of passing files too
  --help        this text

A file says by its name what it needs: x.test.ts nothing, x.redis.test.ts a redis-server,
x.clock.test.ts also a C compiler on Linux, x.spin.test.ts Spin and a C compiler, x.e2e.test.ts also
Chromium. What is missing is skipped with the command that brings it; with the environment variable
CI set that is a failure.`;

export type Words =
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string }
  | {
      readonly kind: 'run';
      readonly patterns: readonly string[];
      readonly kinds: readonly Kind[];
      readonly seed: string | null;
      readonly verbose: boolean;
    };

/** Reads the words after `npm test --`. */
export function readWords(words: readonly string[]): Words {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals: patterns } = parsed;
  if (values.help === true) return { kind: 'help' };
  const { kind: named = [], seed = null, verbose = false } = values;
  const unknown = named.find((name) => !KINDS.some((kind) => kind === name));
  if (unknown !== undefined) return mistake(`There is no kind "${unknown}".`);
  if (seed !== null && !/^-?\d+$/.test(seed)) return mistake('--seed takes a whole number.');
  const kinds = named.length === 0 ? KINDS : KINDS.filter((kind) => named.includes(kind));
  return { kind: 'run', patterns, kinds, seed, verbose };
}

function mistake(message: string): Words {
  return { kind: 'mistake', message: `${message}\n\n${HELP}` };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      kind: { type: 'string', multiple: true },
      seed: { type: 'string' },
      verbose: { type: 'boolean' },
    },
  });
}
