import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { eventId, type HoldStore, ownerId } from '@holdfast/db/model';
import { createRedisHoldStore, readStoredEvent } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHART, POLICY, SEATS, TRAIL, theHold, theQuote } from '../machine/universe.ts';

type Room = { server: TestRedis; redis: Redis };
const test = suite<Room>('reading all of an event');
const EVENT = eventId('busy');
const READS = 200;

test.before(async (room) => {
  room.server = await startTestRedis();
  room.redis = room.server.connect();
});

test.after(async ({ server, redis }) => {
  redis.disconnect();
  await server.stop();
});

/** Places and gives back, one step at a time, until told to stop; gives the number of steps. */
async function churn(store: HoldStore, signal: AbortSignal): Promise<number> {
  const owner = ownerId('owner-1');
  let number = 0;
  for (; !signal.aborted; number += 1) {
    const holdId = theHold(EVENT, number);
    const seats = [number % SEATS];
    await store.place(EVENT, {
      ...{ holdId, owner, seats, quote: theQuote(seats) },
      ...{ chartHash: CHART, idemField: '', bodyHash: '', addressHash: '', trail: TRAIL },
    });
    await store.release(EVENT, { holdId, owner, rev: null, trail: TRAIL });
  }
  return number;
}

test('what is read of an event belongs to one instant, also while holds begin and end: an audit of it is clean', async ({
  server,
  redis,
}) => {
  const writer = server.connect();
  const store = createRedisHoldStore({ redis: writer });
  const source = { chartHash: CHART, seatCount: SEATS, policy: POLICY, version: 1 };
  await store.loadBegin(EVENT, { token: 'load', ...source, sale: 'open' });
  await store.loadEnd(EVENT, { token: 'load' });
  const over = new AbortController();
  const churning = churn(store, over.signal);
  const positions = new Set<number>();
  try {
    for (let read = 0; read < READS; read += 1) {
      const stored = await readStoredEvent(redis, EVENT);
      positions.add(stored.position.offset);
      assert.equal(auditEvent(gatherEvidence({ stored })), []);
    }
  } finally {
    over.abort();
    await churning;
    writer.disconnect();
  }
  assert.ok(positions.size > READS / 2, `it changed meanwhile: ${positions.size} positions`);
});

test.run();
