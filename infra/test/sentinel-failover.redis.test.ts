import { createLogger, openRedis, realAmbient } from '@holdfast/infra/runtime';
import {
  startStack,
  startTestSentinel,
  suite,
  type TestSentinel,
  testSeed,
} from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openShow } from '../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../testing/process-figures.ts';
import { SALE_POLICY } from '../testing/sale/sale-policy.ts';
import { until } from '../testing/until.ts';
import {
  assertLossTold,
  assertRefusedMeanwhile,
  assertWeathered,
} from './failover/assert-weathered.ts';
import { type FailoverEnd, sellThroughFailover } from './failover/failover-sale.ts';

const HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });
/** Until the sentinels have agreed and every client has heard it. */
const LEFT_LIMIT_MS = 30_000;
const test = suite('failover by Sentinel');

test(
  'row 11, I1, I3, I4: Sentinel replaces a primary that died with writes its replica never got: no process dies, the chain betrays the loss, a new epoch begins, every forgotten holder is told, the audit is clean along each chain and every viewer shows what is true',
  async () => {
    const end = await sellBehindSentinel('sentinel-light', ({ primary }) => primary.kill());
    assertRefusedMeanwhile(end);
  },
  { timeoutMs: 100_000 },
);

test(
  'row 12, I1, I3, I4: a primary that is cut off from replica and sentinels takes holds until its clients leave it for the one that replaced it; what it took is forgotten and told as such, and both histories are clean',
  async () => {
    await sellBehindSentinel('split-light', async ({ primary }) => {
      const cutMs = performance.now();
      await primary.cutOff();
      const isLeft = async (): Promise<boolean> => (await primary.clients()) === 0;
      await until('every client has left the old primary', isLeft, LEFT_LIMIT_MS);
      const leftMs = Math.round(performance.now() - cutMs);
      console.log(`all clients had left a primary that still answered after ${leftMs} ms`);
    });
  },
  { timeoutMs: 100_000 },
);

/** A sale whose primary loses its replica first, so that whatever it tells from then on is lost. */
async function sellBehindSentinel(
  id: string,
  replace: (sentinel: TestSentinel) => Promise<void>,
): Promise<FailoverEnd> {
  const sentinel = await startTestSentinel();
  const stack = await startStack({
    ...{ apis: 2, hubs: 2, workers: 2 },
    redis: { url: sentinel.url },
  });
  const logger = createLogger('test', 'silent');
  const redis = await openRedis(sentinel.url, { name: 'test', role: 'commands', logger });
  try {
    const seed = testSeed(id);
    const show = await openShow(stack, { id, chart: HALL, policy: SALE_POLICY });
    const end = await sellThroughFailover({
      ...{ stack, redis, show, seed, ambient: realAmbient() },
      stall: () => sentinel.primary.stallReplicas(),
      kill: () => replace(sentinel),
    });
    await assertWeathered(stack, end);
    assertLossTold(end);
    assert.is(await sentinel.primaryPort(), sentinel.replica.port);
    const figures = await Promise.all([...stack.apis, ...stack.hubs].map(readFigures));
    const renewals = figures.map((each) => sumOfFigures(each, /projection_.*renewals/));
    const isSeen = renewals.some((count) => count > 0);
    assert.ok(isSeen, 'a reader saw it and began the epoch');
    return end;
  } finally {
    redis.disconnect();
    await stack.stop();
    await sentinel.stop();
  }
}

test.run();
