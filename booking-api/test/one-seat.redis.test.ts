import { createRedisHoldStore, createSeatLock } from '@holdfast/db/redis';
import { realAmbient } from '@holdfast/infra/runtime';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

type Context = { server: TestRedis; clients: Redis[]; kit: ApiKit; missed: number };

const test = suite<Context>('one seat, many shoppers, two APIs, real Redis');
const event = 'evening-show';
const params = { event };
const CLIENTS = 500;
const APIS = 2;

test.before(async (context) => {
  context.server = await startTestRedis();
  context.clients = Array.from({ length: APIS }, () => context.server.connect());
  context.missed = 0;
  const [first] = context.clients;
  if (first === undefined) throw new Error('no client');
  const ambient = realAmbient();
  context.kit = await startApiKit({
    apis: APIS,
    store: createRedisHoldStore({ redis: first }),
    perApi: (at) => {
      const redis = context.clients[at] ?? first;
      const onMissed = (): void => {
        context.missed += 1;
      };
      const lock = createSeatLock({ clients: [redis], ambient, onMissed });
      return { store: createRedisHoldStore({ redis }), lock };
    },
  });
});
test.after(async ({ kit, clients, server }) => {
  await kit.stop();
  for (const client of clients) client.disconnect();
  await server.stop();
});

test('security 7, I1: 500 clients ask for one seat at once through 2 APIs: exactly one 201 and 499 clear 409s', async ({
  kit,
}) => {
  const { chartHash } = await kit.addEvent();
  const tokens = await Promise.all(
    Array.from({ length: CLIENTS }, (_, at) => kit.token('shopper', `shopper-${at}`)),
  );
  const body = { seats: ['A-1-1'], chartHash };
  const results = await Promise.all(
    tokens.map((token, at) => kit.client(token, at % APIS).call('placeHold', { params, body })),
  );
  const won = results.filter(({ kind }) => kind === 'done');
  assert.is(won.length, 1);
  for (const result of results) {
    if (result.kind === 'done') continue;
    const problem = refused(result, 'seats.unavailable');
    assert.equal(problem.seats, [{ label: 'A-1-1', state: 'held', mine: false }]);
  }
  const owners = kit.news.published.filter(({ event: about }) => about === event);
  assert.is(owners.length, 1, 'one transition was written');
});

test('security 7, 9: 200 parallel requests of one shopper with one key, in flight together, are one hold with one answer (ASVS 15.4.2)', async ({
  kit,
}) => {
  const { chartHash } = await kit.addEvent({ id: 'matinee' });
  const token = await kit.token('shopper', 'keen-shopper');
  const call = {
    params: { event: 'matinee' },
    body: { seats: ['A-1-1', 'B-1-1'], chartHash },
    idempotencyKey: 'one-tap',
  };
  const results = await Promise.all(
    Array.from({ length: 200 }, (_, at) => kit.client(token, at % APIS).call('placeHold', call)),
  );
  const ids = new Set(results.map((result) => done(result, 201).body.id));
  assert.is(ids.size, 1);
});

test('security 7, I1: shoppers who want overlapping pairs through 2 APIs never share a seat', async ({
  kit,
}) => {
  const { chartHash } = await kit.addEvent({ id: 'gala' });
  const results = await Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      const token = await kit.token('shopper', `pair-${at}`);
      const from = (at % 4) + 1;
      const body = { seats: [`A-1-${from + 1}`, `A-1-${from}`], chartHash };
      return kit.client(token, at % APIS).call('placeHold', { params: { event: 'gala' }, body });
    }),
  );
  const held = results.flatMap((result) =>
    result.kind === 'done' && result.status === 201 ? result.body.seats : [],
  );
  assert.ok(held.length >= 2);
  assert.is(new Set(held).size, held.length);
});

test.run();
