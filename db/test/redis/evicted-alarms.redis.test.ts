import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { eventId, ownerId } from '@holdfast/db/model';
import { alarmKey, createRedisHoldStore, eventKey, readStoredEvent } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHART, POLICY, SEATS, TRAIL, theHold, theQuote } from '../machine/universe.ts';

const EVENT = eventId('pressed');
const HOLDS = [0, 1, 2];
const MEMORY = '5mb';
const FILLING = 'x'.repeat(10_000);
/** Of keys of one second Redis evicts any: each alarm falls among some 400 others, sooner or later. */
const FILL_MAX = 20_000;

type Room = { server: TestRedis; redis: Redis };
const test = suite<Partial<Room>>('a Redis under memory pressure');

test.before(async (room) => {
  room.server = await startTestRedis(['--maxmemory-policy', 'volatile-lru']);
  room.redis = room.server.connect();
});

test.after(async ({ redis, server }) => {
  redis?.disconnect();
  await server?.stop();
});

test('row 14, I1, I3: on 5 MB with volatile-lru the keys with a TTL are evicted, and not one hold: each has its seat until its deadline, and ends by it', async ({
  redis,
}) => {
  if (redis === undefined) throw new Error('nothing to test');
  const store = createRedisHoldStore({ redis });
  const source = { chartHash: CHART, seatCount: SEATS, policy: POLICY, version: 1 };
  await store.loadBegin(EVENT, { token: 'load', ...source, sale: 'open' });
  await store.loadEnd(EVENT, { token: 'load' });
  const place = (number: number, seat = number) =>
    store.place(EVENT, {
      ...{ holdId: theHold(EVENT, number), owner: ownerId(`owner-${number}`), seats: [seat] },
      ...{ quote: theQuote([seat]), chartHash: CHART, idemField: '', bodyHash: '' },
      ...{ addressHash: '', trail: TRAIL },
    });
  for (const number of HOLDS) assert.is((await place(number)).outcome, 'placed');
  const alarms = HOLDS.map((number) => alarmKey(EVENT, theHold(EVENT, number)));
  assert.is(await redis.exists(...alarms), HOLDS.length);

  await redis.config('SET', 'maxmemory', MEMORY);
  let filled = 0;
  while (filled < FILL_MAX && (await redis.exists(...alarms)) > 0) {
    await redis.set(`filling-${filled}`, FILLING, 'PX', 600_000);
    filled += 1;
  }
  assert.is(await redis.exists(...alarms), 0, 'the alarms were evicted');
  assert.match(await redis.info('stats'), /evicted_keys:[1-9]/);
  const stored = await readStoredEvent(redis, EVENT);
  assert.equal(
    [...stored.holds.values()].map(({ status }) => status),
    HOLDS.map(() => 'held'),
  );
  assert.equal(auditEvent(gatherEvidence({ stored })), []);
  for (const seat of HOLDS) {
    assert.is((await place(4, seat)).outcome, 'seats.unavailable');
  }
  await redis.hset(eventKey(EVENT, 'meta'), 'shift', POLICY.holdTtlMs);
  const swept = await store.expireDue(EVENT, { seen: null, only: null, trail: TRAIL });
  assert.is(swept.outcome === 'swept' && swept.ended.length, HOLDS.length);
  assert.equal(auditEvent(gatherEvidence({ stored: await readStoredEvent(redis, EVENT) })), []);
});

test.run();
