import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { createRedisHoldStore, eventKey, readStoredEvent } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis, testSeed } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { EVENT, type TimedStore } from './besieged-hall.ts';
import { lay, MANY_BEHIND_ONE, mostHeld, type SiegeResult, told } from './siege.ts';

const test = suite<Room>('OAT-021 on a real Redis');
type Room = { server: TestRedis; redis: Redis };

const LENGTH_MS = 14 * 60_000;
/** Slower than on the model: each call is a real one. */
const POLL_MS = 20_000;
const LIMIT_MS = 150_000;

test.before(async (room) => {
  room.server = await startTestRedis();
  room.redis = room.server.connect();
});
test.after(async ({ server, redis }) => {
  redis.disconnect();
  await server.stop();
});

/** Time is the event's shift (I6), which takes the real time out again that the calls themselves need. */
function onRedis(redis: Redis): TimedStore {
  const startMs = Date.now();
  return {
    store: createRedisHoldStore({ redis }),
    setTime: async (event, sinceStartMs) => {
      const shiftMs = startMs + sinceStartMs - Date.now();
      await redis.hset(eventKey(event, 'meta'), 'shift', shiftMs);
    },
  };
}

test(
  `security 4, I1, I3: ${MANY_BEHIND_ONE.name}: the same bound holds in the scripts, and what they wrote is clean`,
  async ({ redis }) => {
    const terms = { seed: testSeed('siege of Redis'), lengthMs: LENGTH_MS, pollMs: POLL_MS };
    const shares: SiegeResult[] = [];
    for (const guard of ['off', 'on'] as const) {
      await redis.flushall();
      const policy = guard === 'off' ? { ownerBudgetMs: 0, addressBudgetMs: 0 } : {};
      const result = await lay(onRedis(redis), MANY_BEHIND_ONE, { ...terms, policy });
      console.log(told(MANY_BEHIND_ONE, guard, result));
      const stored = await readStoredEvent(redis, EVENT);
      assert.equal(auditEvent(gatherEvidence({ stored })), []);
      shares.push(result);
    }
    const [off, on] = shares;
    if (off === undefined || on === undefined) return assert.unreachable();
    assert.ok(off.share < 0.05, `${off.share} without the guard`);
    assert.ok(on.share >= 0.7, `${on.share} with it`);
    assert.is(on.honestFelt, 0);
    assert.ok(on.heldMs <= mostHeld(on.policy.addressBudgetMs, on, LENGTH_MS));
  },
  { timeoutMs: LIMIT_MS },
);

test.run();
