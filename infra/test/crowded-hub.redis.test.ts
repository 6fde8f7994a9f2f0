import { sleep } from '@holdfast/db/model';
import { realAmbient } from '@holdfast/infra/runtime';
import { startStack, suite, type TestStack } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { type LiveViewer, openLiveViewer } from '../testing/live-viewer.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../testing/process-figures.ts';
import { shopperToken } from '../testing/sale/random-sale.ts';
import { until } from '../testing/until.ts';
import { openStalledViewers } from './first-light/stalled-viewers.ts';

const MIB = 1_024 * 1_024;
const STALLED = 500;
/** What waits for them, at most 64 KiB and one answer each, and twice as much that was not swept up yet. */
const STALLED_GROWTH_MAX_BYTES = 256 * MIB;
/** An answer with all 140,000 seats of this hall has 47 kB. */
const BIG_HALL = hallChart({ sections: 40, rows: 70, seatsPerRow: 50 });
/** All of them ask so often, */
const QUESTIONS = 5;
/** and these go on, as fast as a connection may: the network takes 2.6 MB from the hub by itself. */
const GREEDY = 40;
const GREEDY_LIMIT_MS = 60_000;
const QUESTION_PERIOD_MS = 200;
/** On a machine that does nothing else a change is seen after some 20 ms. */
const SEEN_LIMIT_MS = 5_000;
const SEATS_TURNED = 50;
const SMALL_HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });
const FEW = 400;
const CROWD = 4_000;
const ALL_BACK_LIMIT_MS = 120_000;
/** From then on nobody may be refused any more (row 36). */
const PATIENCE_MS = 10_000;
const TEST_LIMIT_MS = 240_000;

const test = suite('crowded hub');

/** Starts a stack with one hub for one test, and ends it. */
async function withHub(body: (stack: TestStack) => Promise<void>): Promise<void> {
  const stack = await startStack({});
  await body(stack).finally(() => stack.stop());
}

async function hubFigure(stack: TestStack, which: RegExp): Promise<number> {
  const [hub] = stack.hubs;
  if (hub === undefined) throw new Error('a stack has a hub');
  const figures = await readFigures(hub);
  return [...figures].some(([name]) => which.test(name)) ? sumOfFigures(figures, which) : 0;
}

async function openViewers(
  stack: TestStack,
  show: OpenShow,
  count: number,
): Promise<readonly LiveViewer[]> {
  const token = await shopperToken(stack);
  const ambient = realAmbient();
  const viewers = Array.from({ length: count }, (_, at) =>
    openLiveViewer({
      ...{ name: `viewer-${at + 1}`, url: stack.gatewayUrl, origin: stack.gatewayUrl },
      ...{ token, show, ambient, sections: 'all' },
    }),
  );
  await until(`${count} viewers are live`, () => viewers.every((one) => one.isLive()), 60_000);
  return viewers;
}

test(
  'row 35, I4: 500 viewers that stop reading and ask for more all the same cost the hub less than 256 MiB, are told that they are slow, and another viewer sees every change',
  () =>
    withHub(async (stack) => {
      const show = await openShow(stack, { id: 'stalled-light', chart: BIG_HALL });
      const token = await shopperToken(stack);
      const [bystander] = await openViewers(stack, show, 1);
      if (bystander === undefined) throw new Error('one viewer was opened');
      const states: string[] = [];
      // At the hub itself: a gateway in between would keep a good part of what is not read.
      const url = stack.hubs[0]?.url() ?? '';
      const where = { url, origin: stack.gatewayUrl, token, event: show.id };
      const stalled = await openStalledViewers({ ...where, count: STALLED });
      const slowOnes = (): Promise<number> =>
        hubFigure(stack, /refusals_total.*viewer.slow|slow_viewers_total/);
      const resident = (): Promise<number> => hubFigure(stack, /^process_resident_memory_bytes/);
      const before = await resident();
      let [peak, slowestMs] = [before, 0];
      let question = 0;
      const isOver = async (): Promise<boolean> => {
        stalled.ask(question < QUESTIONS ? STALLED : GREEDY);
        slowestMs = Math.max(slowestMs, await turnSeats(show, question, bystander));
        peak = Math.max(peak, await resident());
        states.push(bystander.viewer.state.kind);
        question += 1;
        await sleep(realAmbient().timers, QUESTION_PERIOD_MS);
        return question > QUESTIONS && (await slowOnes()) >= GREEDY;
      };
      try {
        await until('the greedy ones are told that they are slow', isOver, GREEDY_LIMIT_MS);
      } finally {
        stalled.stop();
        bystander.stop();
      }
      console.log(
        `the hub grew by ${Math.round((peak - before) / MIB)} MiB in ${question} rounds of questions, told viewers ${await slowOnes()} times that they are slow, and a change was seen after at most ${Math.round(slowestMs)} ms`,
      );
      assert.ok(peak - before < STALLED_GROWTH_MAX_BYTES, `${(peak - before) / MIB} MiB`);
      assert.equal([...new Set(states)], ['live'], 'the bystander was not disturbed');
      assert.equal(stack.troubles(), [], 'no process died');
    }),
  { timeoutMs: TEST_LIMIT_MS },
);

/** Blocks or frees a row and waits until the viewer shows it; gives how long it took. */
async function turnSeats(show: OpenShow, turn: number, bystander: LiveViewer): Promise<number> {
  const next = turn % 2 === 0 ? 3 : 0;
  const seats = show.labels.slice(0, SEATS_TURNED);
  const request = { params: { event: show.id }, body: { seats, chartHash: show.chartHash } };
  const verb = next === 3 ? 'blockSeats' : 'unblockSeats';
  // A busy machine may be late; then the call is said to have changed nothing and is made again.
  await until(`turn ${turn} is done`, async () => {
    return (await show.operator.call(verb, request)).kind === 'done';
  });
  const startedMs = performance.now();
  const shows = (): boolean => seats.every((_, seat) => bystander.viewer.map[seat] === next);
  await until('the viewer shows the turn', shows, SEEN_LIMIT_MS);
  return performance.now() - startedMs;
}

test(
  'row 36, I4: 4,000 viewers that lose their hub at once are all live again, none is refused after 10 s, and Redis is read no more than for 400',
  () =>
    withHub(async (stack) => {
      const show = await openShow(stack, { id: 'crowded-light', chart: SMALL_HALL });
      const redis = new Redis(stack.redisUrl);
      try {
        const few = await loseHub(stack, show, redis, FEW);
        const crowd = await loseHub(stack, show, redis, CROWD);
        for (const { count, backMs, reads, lateRefusals } of [few, crowd]) {
          console.log(
            `${count} viewers: all live ${backMs} ms after their hub was killed, ${reads} commands to Redis meanwhile, ${lateRefusals} refused later than 10 s`,
          );
        }
        assert.is(crowd.lateRefusals, 0);
        // Heads are read once a second, so a longer return has more of them: the rate counts.
        const rate = (one: typeof few): number => one.reads / one.backMs;
        assert.ok(rate(crowd) < 2 * rate(few), `${rate(crowd)} against ${rate(few)}`);
      } finally {
        redis.disconnect();
      }
    }),
  { timeoutMs: TEST_LIMIT_MS },
);

/** Kills the hub under its viewers and waits until each is live again. */
async function loseHub(stack: TestStack, show: OpenShow, redis: Redis, count: number) {
  const viewers = await openViewers(stack, show, count);
  const readsBefore = await commandsOf(redis);
  const [hub] = stack.hubs;
  const pid = hub?.pid();
  hub?.kill('SIGKILL');
  const killedMs = performance.now();
  await until('the hub is another one', () => hub?.pid() !== pid && hub?.pid() !== 0);
  let refusedInTime: number | null = null;
  const allBack = async (): Promise<boolean> => {
    if (performance.now() - killedMs < PATIENCE_MS) refusedInTime = await refusals(stack);
    return viewers.every((one) => one.isLive());
  };
  await until(`${count} viewers are live again`, allBack, ALL_BACK_LIMIT_MS);
  const backMs = Math.round(performance.now() - killedMs);
  const reads = (await commandsOf(redis)) - readsBefore;
  const lateRefusals = (await refusals(stack)) - (refusedInTime ?? 0);
  for (const viewer of viewers) viewer.stop();
  return { count, backMs, reads, lateRefusals };
}

/** Of connections and questions, by the present hub; 0 while it is not ready. */
function refusals(stack: TestStack): Promise<number> {
  return hubFigure(stack, /refusals_total/).catch(() => 0);
}

async function commandsOf(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
}

test.run();
