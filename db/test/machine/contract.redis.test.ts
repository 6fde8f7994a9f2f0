import { createRedisHoldStore, eventKey, readStoredEvent } from '@holdfast/db/redis';
import { startTestRedis, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import { holdStoreContract } from './hold-store-contract.ts';

let server: TestRedis;
let redis: Redis;

holdStoreContract(
  'Redis',
  async () => {
    server = await startTestRedis();
    redis = server.connect();
    return {
      store: createRedisHoldStore({ redis }),
      passTime: async (event, ms) => {
        await redis.hincrby(eventKey(event, 'meta'), 'shift', ms);
      },
      budgets: async (event) => (await readStoredEvent(redis, event)).budgets,
    };
  },
  async () => {
    await redis.quit();
    await server.stop();
  },
);
// The suite runs inside: holdStoreContract(...) calls .run() once its tests are named.
