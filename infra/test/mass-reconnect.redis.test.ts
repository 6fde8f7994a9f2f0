import { suite, type TestStack } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { until } from '../testing/until.ts';
import { hubFigure, openViewers, withHub } from './first-light/one-hub.ts';

const SMALL_HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });
const FEW = 400;
const CROWD = 4_000;
const ALL_BACK_LIMIT_MS = 120_000;
/** From then on nobody may be refused any more (row 36). */
const PATIENCE_MS = 10_000;
const TEST_LIMIT_MS = 170_000;

const test = suite('mass reconnect');

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
  const killedMs = performance.now();
  await hub?.crash();
  await hub?.ready();
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
