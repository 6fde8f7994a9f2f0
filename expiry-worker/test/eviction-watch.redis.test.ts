import { createLogger, Registry, readEvictedKeys } from '@holdfast/infra/runtime';
import { createManualAmbient, startTestRedis, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createEvictionWatch, EVICTION_LOOK_PERIOD_MS } from '../src/eviction-watch.ts';
import { until } from './redis-rig.ts';

const test = suite('eviction watch');

function watchOf(read: () => Promise<number | null>) {
  const ambient = createManualAmbient();
  const registry = new Registry();
  const lines: string[] = [];
  const logger = createLogger('worker', 'error', { write: (line) => void lines.push(line) });
  const watch = createEvictionWatch({ read, ambient, logger, registry });
  const shown = async (): Promise<number | undefined> =>
    (await registry.getSingleMetric('holdfast_redis_evicted_keys')?.get())?.values[0]?.value;
  return { ambient, watch, lines, shown };
}

test('row 14: a server that evicted keys shows in the gauge and as one line each time it grew', async () => {
  let count: number | null = 0;
  const { ambient, watch, lines, shown } = watchOf(async () => count);
  watch.start();
  await ambient.settle();
  assert.is(await shown(), 0);
  const told: number[] = [];
  for (const next of [0, 3, 3, null, 5, 0, 1]) {
    count = next;
    await ambient.advance(EVICTION_LOOK_PERIOD_MS);
    told.push(lines.length);
  }
  assert.equal(told, [0, 1, 1, 1, 2, 2, 3]);
  assert.is(await shown(), 1);
  watch.stop();
  assert.is(ambient.armed(), 0);
});

test('while the server does not answer there is one question at a time, and a failure is tried again', async () => {
  let asked = 0;
  let answer = Promise.withResolvers<number>();
  const { ambient, watch, lines, shown } = watchOf(() => {
    asked += 1;
    return answer.promise;
  });
  watch.start();
  await ambient.advance(3 * EVICTION_LOOK_PERIOD_MS);
  assert.is(asked, 1);
  answer.reject(new Error('away'));
  answer = Promise.withResolvers<number>();
  answer.resolve(2);
  await ambient.advance(EVICTION_LOOK_PERIOD_MS);
  assert.is(await shown(), 2);
  assert.is(lines.length, 1);
  watch.stop();
});

test('row 14: the figure of evicted keys is the one of the server', async () => {
  const server = await startTestRedis();
  const redis = server.connect();
  try {
    assert.is(await readEvictedKeys(redis), 0);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.config('SET', 'maxmemory', '4mb');
    const value = 'x'.repeat(100_000);
    await until('something was evicted', async () => {
      await redis.set(`key-${Math.random()}`, value);
      return ((await readEvictedKeys(redis)) ?? 0) > 0;
    });
  } finally {
    redis.disconnect();
    await server.stop();
  }
});

test.run();
