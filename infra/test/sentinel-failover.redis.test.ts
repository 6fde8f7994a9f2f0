import { createLogger, openRedis, realAmbient } from '@holdfast/infra/runtime';
import { startStack, startTestSentinel, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openShow } from '../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../testing/process-figures.ts';
import { assertLossTold, assertWeathered } from './failover/assert-weathered.ts';
import { FAILOVER_POLICY } from './failover/failover-plan.ts';
import { sellThroughFailover } from './failover/failover-sale.ts';

const HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });
const SHOW = 'sentinel-light';
const test = suite('failover by Sentinel');

test(
  'row 11, I1, I3, I4: Sentinel replaces a primary that died with writes its replica never got: no process dies, the chain betrays the loss, a new epoch begins, every forgotten holder is told, the audit is clean along each chain and every viewer shows what is true',
  async () => {
    const sentinel = await startTestSentinel();
    const stack = await startStack({
      ...{ apis: 2, hubs: 2, workers: 2 },
      redis: { url: sentinel.url },
    });
    const logger = createLogger('test', 'silent');
    const redis = await openRedis(sentinel.url, { name: 'test', role: 'commands', logger });
    try {
      const seed = testSeed('sentinel failover');
      const show = await openShow(stack, { id: SHOW, chart: HALL, policy: FAILOVER_POLICY });
      const end = await sellThroughFailover({
        ...{ stack, redis, show, seed, ambient: realAmbient() },
        stall: () => sentinel.primary.stallReplicas(),
        kill: () => sentinel.primary.kill(),
      });
      await assertWeathered(stack, end);
      assert.is(await sentinel.primaryPort(), sentinel.replica.port);
      assertLossTold(end);
      const figures = await Promise.all([...stack.apis, ...stack.hubs].map(readFigures));
      const renewals = figures.map((each) => sumOfFigures(each, /projection_.*renewals/));
      assert.ok(
        renewals.some((count) => count > 0),
        'a reader saw it and began the epoch',
      );
    } finally {
      redis.disconnect();
      await stack.stop();
      await sentinel.stop();
    }
  },
  { timeoutMs: 150_000 },
);

test.run();
