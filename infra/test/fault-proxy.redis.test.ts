import type { RedisConnection } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { createLogger } from '../runtime/logger.ts';
import { openRedis } from '../runtime/redis-client.ts';
import { type FaultProxy, startFaultProxy } from '../testing/faults/fault-proxy.ts';
import { until } from '../testing/until.ts';

type Room = { server: TestRedis; proxy: FaultProxy; client: RedisConnection; direct: Redis };
const test = suite<Room>('fault proxy');
const logger = createLogger('test', 'silent');

test.before(async (room) => {
  room.server = await startTestRedis();
  room.direct = room.server.connect();
});

test.beforeEach(async (room) => {
  room.proxy = await startFaultProxy({ toPort: room.server.port, seed: 7 });
  room.client = await openRedis(room.proxy.redisUrl, { name: 'test', role: 'commands', logger });
});

test.afterEach(async ({ client, proxy }) => {
  client.disconnect();
  await proxy.stop();
});

test.after(async ({ direct, server }) => {
  direct.disconnect();
  await server.stop();
});

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (value) => `it resolved with ${value}`,
    (error: unknown) => String(error),
  );

test('bytes pass unchanged, large replies and many commands of one tick too', async ({
  client,
}) => {
  const text = 'ä\r\n$5\r\n'.repeat(50_000);
  assert.is(await client.set('large', text), 'OK');
  const all = await Promise.all(Array.from({ length: 50 }, () => client.get('large')));
  assert.ok(all.every((one) => one === text));
});

test('the reply to the second script is lost: it ran, its connection broke, later ones work', async ({
  client,
  proxy,
  direct,
}) => {
  const run = (): Promise<unknown> => client.eval("return redis.call('INCR', KEYS[1])", 1, 'runs');
  const lost = proxy.loseReply(/^EVAL/, 2);
  assert.is(await outcomeOf(run()), 'it resolved with 1');
  assert.not.match(await outcomeOf(run()), 'it resolved');
  await lost;
  assert.is(await direct.get('runs'), '2');
  await until('the client is back', () => client.status === 'ready');
  assert.is(await outcomeOf(run()), 'it resolved with 3');
});

test('a cut rejects what is in flight; the client comes back by itself', async ({
  client,
  proxy,
  direct,
}) => {
  const waiting = outcomeOf(client.blpop('never', 0));
  await until('the server has it', async () => /blpop/.test(`${await direct.client('LIST')}`));
  const again = new Promise((resolve) => client.once('ready', resolve));
  proxy.cut();
  assert.not.match(await waiting, 'it resolved');
  await again;
  assert.is(await client.ping(), 'PONG');
});

test('while it stalls nothing arrives, and afterwards everything in order', async ({
  client,
  proxy,
  direct,
}) => {
  await direct.del('list');
  proxy.stall();
  const pushes = [1, 2, 3].map((value) => client.rpush('list', value));
  await direct.ping();
  assert.is(await direct.llen('list'), 0);
  proxy.resume();
  assert.equal(await Promise.all(pushes), [1, 2, 3]);
  assert.equal(await direct.lrange('list', 0, -1), ['1', '2', '3']);
});

test('a delay is paid in both directions; throttled bytes take their time', async ({
  client,
  proxy,
}) => {
  proxy.pace({ delayMs: 60, jitterMs: 20 });
  const beganAtMs = performance.now();
  await client.ping();
  assert.ok(performance.now() - beganAtMs >= 119, 'there and back');
  proxy.pace({ delayMs: 0, jitterMs: 0, bytesPerSecond: 100_000 });
  const slowAtMs = performance.now();
  await client.set('bulk', 'x'.repeat(30_000));
  assert.ok(performance.now() - slowAtMs >= 290, '30 kB at 100 kB a second');
});

test('half-closed by the far end, the client gives the connection up and opens another', async ({
  client,
  proxy,
}) => {
  const again = new Promise((resolve) => client.once('ready', resolve));
  proxy.halfClose();
  await again;
  assert.is(await client.ping(), 'PONG');
});

test('who connects while it refuses is turned away until it does no more', async ({
  client,
  proxy,
}) => {
  proxy.refuse(true);
  proxy.cut();
  await until('the client is away', () => client.status !== 'ready');
  assert.not.match(await outcomeOf(client.ping()), 'it resolved');
  proxy.refuse(false);
  await until('the client is back', () => client.status === 'ready');
  assert.is(proxy.connections(), 1);
});

test.run();
