import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { type EventId, eventId, type HoldStore, ownerId } from '@holdfast/db/model';
import { createRedisHoldStore, type RedisConnection, readStoredEvent } from '@holdfast/db/redis';
import { createLogger, openRedis, primariesOf } from '@holdfast/infra/runtime';
import {
  seededFraction,
  startTestCluster,
  startTestRedis,
  suite,
  testSeed,
} from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { CHART, POLICY, SEATS, TRAIL, theHold, theQuote } from '../machine/universe.ts';

/** Several, so that they lie on different primaries, and one tick has commands for each. */
const EVENTS = ['row-nine-a', 'row-nine-b', 'row-nine-c', 'row-nine-d'].map(eventId);
const LOOPS_PER_EVENT = 4;
const RUN_MS = 2_000;
const FLUSH_EVERY_MS = 5;

const test = suite('scripts forgotten in the middle of work');

type Servers = { readonly url: string; stop(): Promise<void> };

for (const [name, start] of [
  ['one server, where commands of one tick share a pipeline', startTestRedis],
  ['a cluster', startTestCluster],
] as const) {
  test(`row 9, I5: SCRIPT FLUSH in mid-load is never an answer, on ${name}`, () =>
    withConnection(start, async (redis) => {
      const store = createRedisHoldStore({ redis });
      for (const event of EVENTS) await openEvent(store, event);
      const counts = await loadWhileFlushing(redis, store);
      console.log([...counts].map(([what, count]) => `${what} ${count}`).join(', '));
      for (const what of ['flushed', 'placed', 'released', 'seats.unavailable']) {
        assert.ok((counts.get(what) ?? 0) > 50, `some are ${what}`);
      }
      for (const event of EVENTS) {
        const stored = await readStoredEvent(redis, event);
        assert.equal(auditEvent(gatherEvidence({ stored })), []);
      }
    }));
}

async function withConnection(
  start: () => Promise<Servers>,
  body: (redis: RedisConnection) => Promise<void>,
): Promise<void> {
  const servers = await start();
  const logger = createLogger('test', 'silent');
  const redis = await openRedis(servers.url, { name: 'test', role: 'commands', logger });
  try {
    await body(redis);
  } finally {
    redis.disconnect();
    await servers.stop();
  }
}

async function openEvent(store: HoldStore, event: EventId): Promise<void> {
  const source = { chartHash: CHART, seatCount: SEATS, policy: POLICY, version: 1 };
  await store.loadBegin(event, { token: 'load', ...source, sale: 'open' });
  await store.loadEnd(event, { token: 'load' });
}

/** Outcomes by how often they occurred; any rejection of a command is the test's. */
async function loadWhileFlushing(
  redis: RedisConnection,
  store: HoldStore,
): Promise<Map<string, number>> {
  const seed = testSeed('script flush');
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const endMs = performance.now() + RUN_MS;
  const loops = EVENTS.flatMap((event, at) =>
    Array.from({ length: LOOPS_PER_EVENT }, async (_, loop) => {
      const owner = ownerId(`owner-${loop}`);
      const fraction = seededFraction(seed + at * LOOPS_PER_EVENT + loop);
      for (let number = loop; performance.now() < endMs; number += LOOPS_PER_EVENT) {
        const seats = [Math.floor(fraction() * SEATS)];
        const mine = { holdId: theHold(event, number), owner };
        const placed = await store.place(event, {
          ...{ ...mine, seats, quote: theQuote(seats), chartHash: CHART },
          ...{ idemField: '', bodyHash: '', addressHash: '', trail: TRAIL },
        });
        count(placed.outcome);
        if (placed.outcome !== 'placed') continue;
        count((await store.release(event, { ...mine, rev: null, trail: TRAIL })).outcome);
      }
    }),
  );
  const flushing = (async () => {
    while (performance.now() < endMs) {
      await Promise.all(primariesOf(redis).map((primary) => primary.script('FLUSH')));
      count('flushed');
      await new Promise((resolve) => setTimeout(resolve, FLUSH_EVERY_MS));
    }
  })();
  await Promise.all([...loops, flushing]);
  return counts;
}

test.run();
