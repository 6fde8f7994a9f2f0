import { parseArgs } from 'node:util';

export type SimulateWords =
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'run';
      /** Of the first episode; null takes a fresh one. Each further episode has the next seed. */
      readonly seed: number | null;
      readonly limit: { readonly minutes: number } | { readonly episodes: number };
      readonly trace: boolean;
    };

const MINUTES_DEFAULT = 1;
const MINUTES_MAX = 24 * 60;
const SEED_MAX = 2 ** 31 - 1;
const EPISODES_MAX = 10_000_000;

export const HELP = [
  'npm run simulate -- [--minutes N] [--seed S]',
  '',
  'Runs API, hub, worker and viewers in one process on a simulated clock, network and store, with',
  'faults that a seed decides, and judges each episode by the audit. The same seed gives the same run.',
  '',
  `  --minutes N    how long to run, in real minutes (default ${MINUTES_DEFAULT}; 0.5 is half a minute)`,
  '  --seed S       the seed of the first episode; each further one takes the next (default: any)',
  '  --episodes N   so many episodes instead of so many minutes',
  '  --trace        print everything that happens, line by line; for one episode',
  '  --help         this text',
  '',
  'Exit code 0 when nothing was violated, 1 when something was, 2 when the command was not understood.',
].join('\n');

/** The exact command that runs one episode again. */
export function replayCommand(seed: number): string {
  return `npm run simulate -- --seed ${seed} --episodes 1`;
}

export function readSimulateWords(argv: readonly string[]): SimulateWords {
  const given = parse(argv);
  if (typeof given === 'string') return refused(given);
  if (given.help === true) return { kind: 'help' };
  const { minutes, seed, episodes, trace = false } = given;
  if (seed !== undefined && !(/^\d{1,10}$/.test(seed) && Number(seed) <= SEED_MAX)) {
    return refused(`--seed takes a whole number up to ${SEED_MAX}, not "${seed}".`);
  }
  const first = seed === undefined ? null : Number(seed);
  if (episodes !== undefined) {
    if (minutes !== undefined) return refused('Give --minutes or --episodes, not both.');
    if (!(/^[1-9]\d{0,7}$/.test(episodes) && Number(episodes) <= EPISODES_MAX)) {
      return refused(`--episodes takes a whole number from 1 to ${EPISODES_MAX}.`);
    }
    const limit = { episodes: Number(episodes) };
    if (trace && limit.episodes > 1) return refused('--trace is for one episode.');
    return { kind: 'run', seed: first, limit, trace };
  }
  if (trace) return refused('--trace is for one episode: add --episodes 1.');
  const wanted = Number(minutes ?? MINUTES_DEFAULT);
  if (!/^[\d.]+$/.test(minutes ?? '1') || !(wanted > 0 && wanted <= MINUTES_MAX)) {
    return refused(`--minutes takes a number above 0 and up to ${MINUTES_MAX}, not "${minutes}".`);
  }
  return { kind: 'run', seed: first, limit: { minutes: wanted }, trace: false };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        episodes: { type: 'string' },
        trace: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `${message.split('. ')[0]}; see npm run simulate -- --help.`;
  }
}

function refused(why: string): SimulateWords {
  return { kind: 'refused', why };
}
