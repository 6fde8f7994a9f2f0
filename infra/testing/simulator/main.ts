import { HELP, readSimulateWords, type SimulateWords } from './command-words.ts';
import { runEpisode } from './episode.ts';
import {
  addEpisode,
  createTotals,
  progressLine,
  reportLines,
  type Spent,
  violationLines,
} from './run-totals.ts';

/** `npm run simulate`: episode after episode until the time is over, then one page of what it came to. */
const USAGE_EXIT_CODE = 2;
const PROGRESS_EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
const SEEDS = 2 ** 31;

type Run = Extract<SimulateWords, { kind: 'run' }>;

async function simulate({ seed: given, limit, trace }: Run): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const first = given ?? Math.floor(Math.random() * SEEDS);
  if (!trace) console.log(`Seed ${first} and those after it; Ctrl-C ends with the report.`);
  const begunMs = performance.now();
  const spent = (): Spent => {
    const { user, system } = process.cpuUsage();
    return { realMs: performance.now() - begunMs, cpuMs: (user + system) / 1_000 };
  };
  const isOver = (episodes: number): boolean => {
    if (stop.signal.aborted) return true;
    if ('episodes' in limit) return episodes >= limit.episodes;
    return spent().realMs >= limit.minutes * MINUTE_MS;
  };
  const totals = createTotals();
  let toldAtMs = 0;
  while (!isOver(totals.episodes)) {
    const seed = (first + totals.episodes) % SEEDS;
    nowRunning = seed;
    const report = await runEpisode({ seed, ...(trace ? { sink: console.log } : {}) });
    addEpisode(totals, report);
    if (report.violations.length > 0) console.log(violationLines(report).join('\n'));
    if (spent().realMs - toldAtMs < PROGRESS_EVERY_MS) continue;
    toldAtMs = spent().realMs;
    console.log(progressLine(totals, spent()));
  }
  console.log(`\n${reportLines(totals, spent()).join('\n')}`);
  return totals.violated.length === 0 ? 0 : 1;
}

/** A failure outside of every judge must name its seed as well. */
let nowRunning: number | null = null;
process.on('uncaughtException', (error) => {
  console.error(error);
  if (nowRunning !== null) {
    console.error(violationLines({ seed: nowRunning, violations: [] }).join('\n'));
  }
  process.exit(1);
});

const words = readSimulateWords(process.argv.slice(2));
if (words.kind === 'help') console.log(HELP);
else if (words.kind === 'refused') {
  console.error(words.why);
  process.exitCode = USAGE_EXIT_CODE;
} else {
  process.exitCode = await simulate(words);
}
