import { makeRedisClock, type RedisClock, startTestRedis, suite } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';

const test = suite('a clock for Redis in the hand of a test');
const JUMPS_MS = [61_000, -661_000, 600_000] as const;
/** Between two looks at two clocks; the machine may be busy. */
const NEAR_MS = 2_000;

async function withServer(body: (redis: Redis, clock: RedisClock) => Promise<void>): Promise<void> {
  const clock = await makeRedisClock();
  const server = await startTestRedis([], { clock });
  const redis = server.connect();
  try {
    await body(redis, clock);
  } finally {
    redis.disconnect();
    await server.stop();
    await clock.remove();
  }
}

async function aheadMs(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1_000 + micros / 1_000 - Date.now();
}

test('row 32: a running server goes by the clock at once, forward and back, in its scripts too', () =>
  withServer(async (redis, clock) => {
    for (const byMs of [0, ...JUMPS_MS]) {
      clock.jump(byMs);
      const seenMs = await aheadMs(redis);
      assert.ok(Math.abs(seenMs - clock.aheadMs()) < NEAR_MS, `${seenMs} of ${clock.aheadMs()} ms`);
      const inScript = Number(await redis.eval("return redis.call('TIME')[1]", 0));
      const expected = (Date.now() + clock.aheadMs()) / 1_000;
      assert.ok(Math.abs(inScript - expected) < NEAR_MS / 1_000, `${inScript} of ${expected} s`);
    }
  }));

test('row 32: keys with a TTL die early when the clock goes ahead: nothing of ours may trust them', () =>
  withServer(async (redis, clock) => {
    await redis.set('lock', 'token', 'PX', 60_000);
    clock.jump(61_000);
    assert.is(await redis.get('lock'), null);
  }));

test.run();
