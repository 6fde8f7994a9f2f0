import { createRedisHoldStore, eventKey, readStoredEvent } from '@holdfast/db/redis';
import { startTestCluster, type TestCluster } from '@holdfast/infra/testing';
import type { Cluster } from 'ioredis';
import { holdStoreContract } from './hold-store-contract.ts';

let servers: TestCluster;
let redis: Cluster;

holdStoreContract(
  'a Redis cluster, where no key may be undeclared or in another slot (row 10)',
  async () => {
    servers = await startTestCluster();
    redis = await servers.connect();
    return {
      store: createRedisHoldStore({ redis }),
      passTime: async (event, ms) => {
        await redis.hincrby(eventKey(event, 'meta'), 'shift', ms);
      },
      budgets: async (event) => (await readStoredEvent(redis, event)).budgets,
    };
  },
  async () => {
    redis.disconnect();
    await servers.stop();
  },
);
// The suite runs inside: holdStoreContract(...) calls .run() once its tests are named.
