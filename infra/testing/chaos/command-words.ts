import { parseArgs } from 'node:util';

export type ChaosWords =
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'run'; readonly minutes: number; readonly seed: number | null };

const MINUTES_DEFAULT = 5;
const MINUTES_MAX = 24 * 60;
const SEED_MAX = 2 ** 31 - 1;

export const HELP = [
  'npm run chaos -- [--minutes N] [--seed S]',
  '',
  'Starts 2 APIs, 2 hubs, 2 workers and a Redis of its own, sells on them round after round with 50',
  'shoppers and 27 viewers, and meanwhile kills, drains and pauses processes, cuts connections and',
  'takes notices away. After each round all must be quiet, every viewer right, and the audit clean.',
  'The seed decides who does what and which faults come; how they interleave is up to the machine.',
  '',
  `  --minutes N   how long to run (default ${MINUTES_DEFAULT}; a round that was begun is ended)`,
  '  --seed S      the seed of the first round; each further one takes the next (default: any)',
  '  --help        this text',
  '',
  'Exit code 0 when nothing was found, 1 when something was, 2 when the command was not understood.',
].join('\n');

export function readChaosWords(argv: readonly string[]): ChaosWords {
  const given = parse(argv);
  if (typeof given === 'string') return refused(given);
  if (given.help === true) return { kind: 'help' };
  const { minutes = `${MINUTES_DEFAULT}`, seed } = given;
  if (seed !== undefined && !(/^\d{1,10}$/.test(seed) && Number(seed) <= SEED_MAX)) {
    return refused(`--seed takes a whole number up to ${SEED_MAX}, not "${seed}".`);
  }
  const wanted = Number(minutes);
  if (!/^[\d.]+$/.test(minutes) || !(wanted > 0 && wanted <= MINUTES_MAX)) {
    return refused(`--minutes takes a number above 0 and up to ${MINUTES_MAX}, not "${minutes}".`);
  }
  return { kind: 'run', minutes: wanted, seed: seed === undefined ? null : Number(seed) };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `${message.split('. ')[0]}; see npm run chaos -- --help.`;
  }
}

function refused(why: string): ChaosWords {
  return { kind: 'refused', why };
}
