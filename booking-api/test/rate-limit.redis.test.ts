import { createLogger, realAmbient } from '@holdfast/infra/runtime';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { createRequestLimiter, type RequestRates } from '../src/edge/rate-limit.ts';
import { type ApiKit, type KitOptions, startApiKit } from './api-kit.ts';
import { done, isProblem, type RawAnswer } from './checked-client.ts';

type Context = { server: TestRedis; redis: Redis; kit: ApiKit; chartHash: string };

const test = suite<Context>('budgets of requests');
const holds = '/v1/events/evening-show/holds';
const logger = createLogger('api', 'silent');
const { timers } = realAmbient();

test.before(async (context) => {
  context.server = await startTestRedis();
  context.redis = new Redis(context.server.url, { maxRetriesPerRequest: 0, retryStrategy: null });
  context.redis.on('error', () => undefined);
});
test.beforeEach(({ redis }) => void redis.flushall());
test.afterEach(({ kit }) => kit.stop());
test.after(async ({ redis, server }) => {
  redis.disconnect();
  await server.stop();
});

async function start(context: Context, rates: RequestRates, settings: KitOptions['settings'] = {}) {
  const limiter = createRequestLimiter({ redis: context.redis, rates, timers, logger });
  context.kit = await startApiKit({ perApi: () => ({ limiter }), settings, apis: 2 });
  context.chartHash = (await context.kit.addEvent()).chartHash;
}

function codes(answers: readonly RawAnswer[]): string[] {
  return answers.map(({ status }) => `${status}`);
}

/** Sends `count` requests at once, so that a window's end falls between them at most once. */
function burst(count: number, send: (at: number) => Promise<RawAnswer>): Promise<RawAnswer[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => send(at)));
}

test('security 22: an address has one budget over all APIs; what is over it is 429 with Retry-After', async (context) => {
  await start(context, { addressPerSecond: 10, ownerPerSecond: 100 });
  const { kit } = context;
  const answers = await burst(40, (at) => kit.client(null, at % 2).send('GET', '/v1/events'));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 20 && refused.length <= 30, codes(answers).join());
  const [one] = refused;
  if (one === undefined) return assert.unreachable('nobody was refused');
  isProblem(one, 'rate.limited');
  assert.is(one.headers.get('retry-after'), '1');
  assert.is(one.headers.get('ratelimit-policy'), '"address";q=10;w=1');
  assert.match(one.headers.get('ratelimit') ?? '', /^"address";r=0;t=\d$/);
});

test('security 22: a shopper has a budget of hold changes, whatever address they come from', async (context) => {
  await start(context, { addressPerSecond: 1_000, ownerPerSecond: 3 }, { trustedProxyHops: 1 });
  const { kit, chartHash } = context;
  const client = kit.client(await kit.token());
  const body = { seats: ['A-1-1'], chartHash };
  const answers = await burst(20, (at) =>
    client.send('POST', holds, { body, headers: { 'x-forwarded-for': `192.0.2.${at}` } }),
  );
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 14 && refused.length <= 17, codes(answers).join());
});

test('security 18: a spoofed X-Forwarded-For buys no budget', async (context) => {
  const spoofed = (hop: string) => (at: number) => {
    const headers = { 'x-forwarded-for': `198.51.100.${at}, 203.0.113.${at}${hop}` };
    return context.kit.client().send('GET', '/v1/events', { headers });
  };
  await start(context, { addressPerSecond: 5, ownerPerSecond: 5 });
  const direct = await burst(20, spoofed(''));
  assert.ok(direct.filter(({ status }) => status === 429).length >= 10, codes(direct).join());
  await context.kit.stop();
  await context.redis.flushall();
  await start(context, { addressPerSecond: 5, ownerPerSecond: 5 }, { trustedProxyHops: 1 });
  // The trusted proxy wrote the last entry; what stands before it came from the caller.
  const proxied = await burst(20, spoofed(', 192.0.2.1'));
  assert.ok(proxied.filter(({ status }) => status === 429).length >= 10, codes(proxied).join());
});

test('keys of budgets live for a window and name nobody', async (context) => {
  await start(context, { addressPerSecond: 10, ownerPerSecond: 10 });
  const { kit, redis, chartHash } = context;
  const client = kit.client(await kit.token('shopper', 'somebody-in-person'));
  await client.send('POST', holds, { body: { seats: ['A-1-1'], chartHash } });
  const keys = await redis.keys('rate:*');
  assert.is(keys.length, 2);
  for (const key of keys) {
    assert.match(key, /^rate:(address-holds|owner):[0-9a-f]{32}$/);
    assert.ok((await redis.pttl(key)) <= 1_000);
  }
});

test('security 22: holds have a class of their own: a flood of reads from an address keeps nobody behind it from holding', async (context) => {
  await start(context, { addressPerSecond: 10, ownerPerSecond: 10 });
  const { kit, chartHash } = context;
  const reading = burst(60, () => kit.client().send('GET', '/v1/events'));
  const shoppers = await Promise.all(
    Array.from({ length: 5 }, async (_, at) => kit.client(await kit.token('shopper', `s-${at}`))),
  );
  const placed = await burst(5, (at) => {
    const body = { seats: [`A-1-${at + 1}`], chartHash };
    return shoppers[at]?.send('POST', holds, { body }) ?? Promise.reject(new Error('no shopper'));
  });
  assert.equal(codes(placed), ['201', '201', '201', '201', '201']);
  assert.ok(codes(await reading).includes('429'), 'the flood itself was refused');
  const policy = placed[0]?.headers.get('ratelimit-policy');
  assert.is(policy, '"address-holds";q=10;w=1, "owner";q=10;w=1');
});

test('security 22: without Redis reads go on, and everything that changes something is refused', async (context) => {
  await start(context, { addressPerSecond: 10, ownerPerSecond: 10 });
  const { kit, redis, chartHash } = context;
  const client = kit.client(await kit.token());
  redis.disconnect();
  assert.is((await client.send('GET', '/v1/events')).status, 200);
  assert.is((await client.send('GET', '/v1/events/evening-show/seats')).status, 200);
  const body = { seats: ['A-1-1'], chartHash };
  isProblem(await client.send('POST', holds, { body }), 'store.unavailable');
  isProblem(await client.send('POST', '/v1/sessions'), 'store.unavailable');
  await redis.connect();
});

test('security 22: a Redis that is silent holds up no read, and lets no hold pass', async (context) => {
  await start(context, { addressPerSecond: 10, ownerPerSecond: 10 });
  const { kit, server, chartHash } = context;
  const client = kit.client(await kit.token());
  await server.pause();
  try {
    const body = { seats: ['A-1-1'], chartHash };
    const [read, hold] = await Promise.all([
      client.send('GET', '/v1/events'),
      client.send('POST', holds, { body }),
    ]);
    assert.is(read.status, 200);
    isProblem(hold, 'store.unavailable');
    assert.is(hold.headers.get('retry-after'), '1');
    const mine = done(await client.call('listHolds', { params: { event: 'evening-show' } }), 200);
    assert.equal(mine.body.holds, [], 'nothing was held');
  } finally {
    await server.resume();
  }
});

test.run();
