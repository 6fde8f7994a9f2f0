import { eventId, type HoldStore, ownerId } from '@holdfast/db/model';
import { createRedisHoldStore, eventKey } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHART, POLICY, SEATS, TRAIL, theHold, theQuote } from '../machine/universe.ts';

const EVENT = eventId('older');
const holdId = theHold(EVENT, 0);
const owner = ownerId('owner');

type Room = { server: TestRedis; redis: Redis; store: HoldStore };
const test = suite<Room>('state that was written before there were budgets');

test.before(async (room) => {
  room.server = await startTestRedis();
  room.redis = room.server.connect();
  room.store = createRedisHoldStore({ redis: room.redis });
});
test.after(async ({ server, redis }) => {
  redis.disconnect();
  await server.stop();
});

test('an event and a hold of then are read, changed and ended, without a budget', async ({
  redis,
  store,
}) => {
  const source = { chartHash: CHART, seatCount: SEATS, policy: POLICY, version: 1 };
  await store.loadBegin(EVENT, { token: 'load', ...source, sale: 'open' });
  await store.loadEnd(EVENT, { token: 'load' });
  await store.place(EVENT, {
    ...{ holdId, owner, seats: [0, 1], quote: theQuote([0, 1]), chartHash: CHART },
    ...{ idemField: '', bodyHash: '', addressHash: 'network-1', trail: TRAIL },
  });
  const [meta, holds] = [eventKey(EVENT, 'meta'), eventKey(EVENT, 'holds')];
  await redis.hdel(meta, 'ownerBudgetMs', 'addressBudgetMs', 'budgetRefillMs');
  await redis.del(eventKey(EVENT, 'budget'));
  const line = (await redis.hget(holds, holdId)) ?? '';
  await redis.hset(holds, holdId, line.split('|').slice(0, 12).join('|'));
  const [head] = await store.heads([EVENT]);
  assert.equal([head?.policy.ownerBudgetMs, head?.policy.maxSeats], [0, POLICY.maxSeats]);
  const found = await store.readHold(EVENT, { holdId });
  assert.equal('hold' in found && [found.hold.addressHash, found.hold.chargedMs], ['', 0]);
  const op = { rev: 1, opId: 'op', bodyHash: '' };
  assert.is((await store.extend(EVENT, { holdId, owner, ...op })).outcome, 'extended');
  const ended = await store.release(EVENT, { holdId, owner, rev: null, trail: TRAIL });
  assert.is(ended.outcome, 'released');
  assert.is(await redis.exists(eventKey(EVENT, 'budget')), 0);
});

test.run();
