import { eventId, type HoldStore, ownerId, StoreUnavailableError } from '@holdfast/db/model';
import { createRedisHoldStore, type RedisConnection, readStoredEvent } from '@holdfast/db/redis';
import {
  createLogger,
  keepSubscribed,
  openRedis,
  openSubscribers,
  type RedisSubscribers,
} from '@holdfast/infra/runtime';
import { startTestSentinel, suite, type TestSentinel } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHART, POLICY, SEATS, TRAIL, theHold, theQuote } from '../machine/universe.ts';

const EVENT = eventId('gala');
/** As many as a small installation has: the change meets each in another state. */
const CLIENTS = 6;
const NEWS = 'news';
const LIMIT_MS = 30_000;
const LOOK_MS = 50;

type Room = {
  sentinel: TestSentinel | undefined;
  clients: RedisConnection[];
  news: RedisSubscribers | undefined;
  heard: number;
};
const test = suite<Room>('hold store behind Sentinel', {
  ...{ sentinel: undefined, clients: [], news: undefined, heard: 0 },
});

test.before(async (room) => {
  const guard = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '1'];
  const sentinel = await startTestSentinel(guard);
  const logger = createLogger('test', 'silent');
  const open = () => openRedis(sentinel.url, { name: 'test', role: 'commands', logger });
  room.sentinel = sentinel;
  room.clients = await Promise.all(Array.from({ length: CLIENTS }, open));
  const { redis, store } = parts(room);
  room.news = await openSubscribers(sentinel.url, redis, { name: 'test-news', logger });
  const source = { chartHash: CHART, seatCount: SEATS, policy: POLICY, version: 1 };
  await until('a replica is near enough', async () => {
    const load = store.loadBegin(EVENT, { token: 'load', ...source, sale: 'open' });
    return load.then(
      () => true,
      () => false,
    );
  });
  await store.loadEnd(EVENT, { token: 'load' });
});

test.after(async (room) => {
  for (const redis of room.clients) redis.disconnect();
  room.news?.close();
  await room.sentinel?.stop();
});

function parts({ sentinel, clients }: Room) {
  const [redis] = clients;
  assert.ok(sentinel !== undefined && redis !== undefined);
  return { sentinel, redis, store: createRedisHoldStore({ redis }) };
}

function place(store: HoldStore, number: number) {
  const seats = [number % SEATS];
  return store.place(EVENT, {
    ...{ holdId: theHold(EVENT, number), owner: ownerId(`owner-${number}`), seats },
    ...{ quote: theQuote(seats), chartHash: CHART, addressHash: '' },
    ...{ idemField: '', bodyHash: '', trail: TRAIL },
  });
}

async function until<T>(what: string, look: () => Promise<T | false>): Promise<T> {
  const endMs = performance.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (seen !== false) return seen;
    if (performance.now() > endMs) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function asServer<T>(redis: Redis, task: (redis: Redis) => Promise<T>): Promise<T> {
  return task(redis).finally(() => redis.disconnect());
}

test('row 12, I5: a primary that has lost its replica for a second takes no hold (min-replicas-to-write), and nothing changes', async (room) => {
  const { sentinel, redis, store } = parts(room);
  assert.is((await place(store, 1)).outcome, 'placed');
  await sentinel.primary.stallReplicas();
  let number = 2;
  const refusal = await until('it refuses', async () => {
    number += 1;
    const before = await readStoredEvent(redis, EVENT);
    const answer: unknown = await place(store, number).catch((error: unknown) => error);
    if (!(answer instanceof StoreUnavailableError)) return false;
    assert.equal(await readStoredEvent(redis, EVENT), before);
    return answer;
  });
  assert.match(String(refusal.cause), 'NOREPLICAS');
});

test('rows 8, 11, 12: a primary that stands still is left by every client when Sentinel replaces it, and when it wakes it takes nothing', async (room) => {
  const { sentinel } = parts(room);
  const { clients, news } = room;
  // The successor has no replica of its own yet, and is to go on all the same.
  await asServer(sentinel.replica.connect(), (node) =>
    node.config('SET', 'min-replicas-to-write', '0'),
  );
  const [subscriber] = news?.current() ?? [];
  assert.ok(subscriber !== undefined);
  subscriber.on('message', () => {
    room.heard += 1;
  });
  keepSubscribed(
    subscriber,
    () => subscriber.subscribe(NEWS),
    () => undefined,
  );
  sentinel.primary.process.kill('SIGSTOP');
  const startMs = performance.now();
  for (const redis of clients) {
    const store = createRedisHoldStore({ redis });
    await until('each client writes to the successor', () =>
      store.newEpoch(EVENT, { seenEpoch: '0' }).then(
        ({ outcome }) => outcome === 'epoch.stale',
        () => false,
      ),
    );
  }
  const tookMs = Math.round(performance.now() - startMs);
  console.log(`all ${CLIENTS} clients had left a primary that stood still after ${tookMs} ms`);
  await until('the subscription is there as well', async () => {
    await asServer(sentinel.replica.connect(), (node) => node.publish(NEWS, 'x'));
    return room.heard > 0;
  });
  sentinel.primary.process.kill('SIGCONT');
  await until('it is a replica now', () =>
    asServer(sentinel.primary.connect(), async (node) =>
      (await node.info('replication')).includes('role:slave'),
    ),
  );
  await asServer(sentinel.primary.connect(), async (redis) => {
    const mine = { holdId: theHold(EVENT, 1), owner: ownerId('owner-1'), rev: null, trail: TRAIL };
    const refusal: unknown = await createRedisHoldStore({ redis })
      .release(EVENT, mine)
      .catch((error: unknown) => error);
    assert.instance(refusal, StoreUnavailableError);
  });
});

test('a client that is closed in the pause before its next attempt leaves no connection to a sentinel open', async (room) => {
  const { sentinel, redis } = parts(room);
  await Promise.all([sentinel.primary.kill(), sentinel.replica.kill()]);
  await until('it is in that pause', async () => redis.status === 'reconnecting');
  // One that stayed would keep this process alive, which is how the runner would find it.
  for (const client of room.clients) client.disconnect();
});

test.run();
