import { realAmbient } from '../../runtime/real-ambient.ts';
import { reportLines, roundLines } from './chaos-report.ts';
import { runChaos } from './chaos-run.ts';
import { type ChaosWords, HELP, readChaosWords } from './command-words.ts';

/** `npm run chaos`: round after round until the time is over, then one page of what it came to. */
const USAGE_EXIT_CODE = 2;
const MINUTE_MS = 60_000;
/** Of trouble in one round; the calm after it takes some 10 s more. */
const ROUND_MS = 60_000;
const SEEDS = 2 ** 31;

async function chaos({ minutes, seed }: Extract<ChaosWords, { kind: 'run' }>): Promise<number> {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopped = true;
      console.log('Ends with this round; its processes are stopped then.');
    });
  }
  const first = seed ?? Math.floor(Math.random() * SEEDS);
  console.log(`Seed ${first} and those after it; a round takes somewhat more than a minute.`);
  const begunMs = performance.now();
  const spentMs = (): number => performance.now() - begunMs;
  const outcome = await runChaos({
    seed: first,
    ambient: realAmbient(),
    roundMs: Math.min(ROUND_MS, minutes * MINUTE_MS),
    goesOn: () => !stopped && spentMs() < minutes * MINUTE_MS,
    onRound: (round) => console.log(roundLines(round, spentMs()).join('\n')),
  });
  console.log(`\n${reportLines(outcome, spentMs()).join('\n')}`);
  const isClean = outcome.rounds.every(({ findings }) => findings.length === 0);
  return isClean && outcome.repairs === 0 ? 0 : 1;
}

const words = readChaosWords(process.argv.slice(2));
if (words.kind === 'help') console.log(HELP);
else if (words.kind === 'refused') {
  console.error(words.why);
  process.exitCode = USAGE_EXIT_CODE;
} else {
  process.exitCode = await chaos(words);
}
