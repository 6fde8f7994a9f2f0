import { eventId, type HoldStore, ownerId, StoreUnavailableError } from '@holdfast/db/model';
import { createRedisHoldStore, eventKey } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHART, POLICY, SEATS, TRAIL, theHold, theQuote } from '../machine/universe.ts';

const EVENT = eventId('full');

type Room = { server: TestRedis | null; redis: Redis | null; store: HoldStore | null };
const test = suite<Room>('a full Redis', { server: null, redis: null, store: null });

test.before(async (room) => {
  room.server = await startTestRedis();
  room.redis = room.server.connect();
  room.store = createRedisHoldStore({ redis: room.redis });
});

test.after(async (room) => {
  room.redis?.disconnect();
  await room.server?.stop();
});

function place(store: HoldStore, number: number) {
  const owner = ownerId(`owner-${number}`);
  return store.place(EVENT, {
    ...{ holdId: theHold(EVENT, number), owner, seats: [number], quote: theQuote([number]) },
    ...{ chartHash: CHART, idemField: '', bodyHash: '', addressHash: 'network-1', trail: TRAIL },
  });
}

test('row 14, I3, I5: a full server takes no hold, but every hold ends and gives its seats back', async (room) => {
  const { redis, store } = room;
  if (redis === null || store === null) throw new Error('nothing to test');
  const source = { chartHash: CHART, seatCount: SEATS, policy: POLICY, version: 1 };
  await store.loadBegin(EVENT, { token: 'load', ...source, sale: 'open' });
  await store.loadEnd(EVENT, { token: 'load' });
  for (const number of [0, 1, 2]) assert.is((await place(store, number)).outcome, 'placed');
  await redis.config('SET', 'maxmemory', '1');
  const mine = { holdId: theHold(EVENT, 0), owner: ownerId('owner-0'), rev: null, trail: TRAIL };
  assert.is((await store.release(EVENT, mine)).outcome, 'released');
  const theirs = { holdId: theHold(EVENT, 1), trail: TRAIL };
  assert.is((await store.revoke(EVENT, theirs)).outcome, 'revoked');
  const refused: unknown = await place(store, 3).catch((error: unknown) => error);
  assert.instance(refused, StoreUnavailableError);
  await redis.config('SET', 'maxmemory', '0');
  await redis.hset(eventKey(EVENT, 'meta'), 'shift', POLICY.holdTtlMs);
  await redis.config('SET', 'maxmemory', '1');
  const swept = await store.expireDue(EVENT, { seen: null, only: null, trail: TRAIL });
  assert.is(swept.outcome === 'swept' && swept.ended.length, 1);
  assert.is(await redis.hlen(eventKey(EVENT, 'seats')), 0);
});

test.run();
