import { createLogger, openRedis, realAmbient } from '@holdfast/infra/runtime';
import { partnerOf, startStack, startTestCluster, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openShow } from '../testing/open-show.ts';
import { SALE_POLICY } from '../testing/sale/sale-policy.ts';
import { assertRefusedMeanwhile, assertWeathered } from './failover/assert-weathered.ts';
import { sellThroughFailover } from './failover/failover-sale.ts';
import { commonOffset } from './failover/told-on-chain.ts';

const HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });
const SHOW = 'cluster-light';
const test = suite('failover in a cluster');

test(
  'rows 10, 11, I1, I3, I4: shoppers place, amend and release on a cluster whose primary dies: no process does, holds are refused meanwhile, its replica goes on, a new epoch begins exactly if writes were lost, the audit is clean along each chain and every viewer shows what is true',
  async () => {
    const cluster = await startTestCluster();
    const stack = await startStack({
      ...{ apis: 2, hubs: 2, workers: 2 },
      redis: { url: cluster.url },
    });
    const logger = createLogger('test', 'silent');
    const redis = await openRedis(cluster.url, { name: 'test', role: 'commands', logger });
    try {
      const seed = testSeed('cluster failover');
      const show = await openShow(stack, { id: SHOW, chart: HALL, policy: SALE_POLICY });
      const dying = await cluster.primaryOf(`{${SHOW}}`);
      const end = await sellThroughFailover({
        ...{ stack, redis, show, seed, ambient: realAmbient() },
        kill: () => cluster.kill(dying),
      });
      await assertWeathered(stack, end);
      assertRefusedMeanwhile(end);
      assert.is(await cluster.primaryOf(`{${SHOW}}`), partnerOf(dying));
      const isCut = commonOffset(end.before, end.after) < end.before.position.offset;
      const isLost = isCut || end.forgotten.records > 0;
      assert.is(end.before.position.epoch !== end.after.position.epoch, isLost);
    } finally {
      redis.disconnect();
      await stack.stop();
      await cluster.stop();
    }
  },
  { timeoutMs: 150_000 },
);

test.run();
