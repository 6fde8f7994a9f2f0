import { createRedisHoldStore, createSeatLock, type RedisConnection } from '@holdfast/db/redis';
import {
  createLogger,
  createRegistry,
  openRedis,
  type Registry,
  realAmbient,
} from '@holdfast/infra/runtime';
import {
  type FaultProxy,
  seededFraction,
  startFaultProxy,
  startTestRedis,
  suite,
  type TestRedis,
  testSeed,
} from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createApiMetrics } from '../src/api-metrics.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

/** Two APIs on one Redis, with three lock servers of their own behind fault proxies. */
type Room = {
  server: TestRedis;
  votes: TestRedis[];
  proxies: FaultProxy[];
  clients: RedisConnection[];
  registry: Registry;
  kit: ApiKit;
  chartHash: string;
};
const test = suite<Room>('lock servers that are silent, tied or gone');
const EVENT = 'evening-show';
const params = { event: EVENT };
const logger = createLogger('test', 'silent');
const LOCK_SERVERS = 3;
const PLACES = 20;
/** The lock is waited for 20 ms; the rest is what a busy machine adds. */
const EXTRA_LIMIT_MS = 60;

test.before(async (room) => {
  room.server = await startTestRedis();
  room.votes = await Promise.all(Array.from({ length: LOCK_SERVERS }, () => startTestRedis()));
});

test.beforeEach(async (room) => {
  for (const one of [room.server, ...room.votes]) await flush(one);
  room.proxies = await Promise.all(room.votes.map(({ port }) => startFaultProxy({ toPort: port })));
  const urls = [room.server.url, ...room.proxies.map(({ redisUrl }) => redisUrl)];
  room.clients = await Promise.all(
    urls.map((url, at) => {
      const role = at === 0 ? 'commands' : 'lock';
      return openRedis(url, { name: 'test', role, logger });
    }),
  );
  const [commands, ...locks] = room.clients;
  if (commands === undefined) throw new Error('no client');
  room.registry = createRegistry('api');
  const onMissed = createApiMetrics(room.registry).lockMissed;
  room.kit = await startApiKit({
    apis: 2,
    store: createRedisHoldStore({ redis: commands }),
    lock: createSeatLock({ clients: locks, ambient: realAmbient(), onMissed }),
  });
  room.chartHash = (await room.kit.addEvent()).chartHash;
});

test.afterEach(async ({ kit, clients, proxies }) => {
  await kit.stop();
  for (const client of clients) client.disconnect();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

test.after(async ({ server, votes }) => {
  await Promise.all([server, ...votes].map((one) => one.stop()));
});

async function flush(server: TestRedis): Promise<void> {
  const redis = server.connect();
  await redis.flushall();
  redis.disconnect();
}

/** Locks that were missed so far, for whatever reason: on a busy machine 20 ms pass at times. */
async function misses({ registry }: Room): Promise<number> {
  const values = (await registry.getSingleMetric('lock_missed_total')?.get())?.values ?? [];
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** Places and releases one seat again and again; the median and the longest time of a place. */
async function placeAgain({ kit, chartHash }: Room) {
  const shopper = kit.client(await kit.token());
  const tookMs: number[] = [];
  for (let time = 0; time < PLACES; time += 1) {
    const beganMs = performance.now();
    const body = { seats: ['A-1-1'], chartHash };
    const { id } = done(await shopper.call('placeHold', { params, body }), 201).body;
    tookMs.push(performance.now() - beganMs);
    done(await shopper.call('releaseHold', { params: { event: EVENT, hold: id } }), 200);
  }
  tookMs.sort((a, b) => a - b);
  return { median: tookMs[PLACES / 2] ?? 0, longest: tookMs.at(-1) ?? 0 };
}

type Trouble = {
  readonly title: string;
  readonly isMissed: boolean;
  readonly begin: (proxies: readonly FaultProxy[]) => void;
};

const TROUBLES: readonly Trouble[] = [
  { title: 'one of three is silent', isMissed: false, begin: ([one]) => one?.stall() },
  {
    title: 'two of three are silent',
    isMissed: true,
    begin: ([, ...others]) => {
      for (const one of others) one.stall();
    },
  },
  {
    title: 'all three are gone',
    isMissed: true,
    begin: (all) => {
      for (const one of all) {
        one.refuse(true);
        one.cut();
      }
    },
  },
];

for (const { title, isMissed, begin } of TROUBLES) {
  test(`row 5, I5: lock servers, ${title}: every hold gets through, hardly later, and misses are counted`, async (room) => {
    await placeAgain(room); // everything is warm
    const well = await placeAgain(room);
    const before = await misses(room);
    begin(room.proxies);
    const ill = await placeAgain(room);
    const missed = (await misses(room)) - before;
    const said = [well, ill]
      .map(({ median, longest }) => `median ${median.toFixed(1)}, longest ${longest.toFixed(1)} ms`)
      .join(' -> ');
    console.log(`${title}: ${said}; ${missed} of ${PLACES} locks missed`);
    assert.ok(ill.median - well.median < EXTRA_LIMIT_MS, said);
    if (isMissed) assert.is(missed, PLACES);
    else assert.ok(missed < PLACES / 2, `${missed} missed although two of three are a majority`);
  });
}

test('row 5, I1, I5: votes are tied between two strangers: holds get through, the misses are counted, and still one shopper has the seat', async (room) => {
  const key = `{${EVENT}}:lock:seat:0`;
  for (const [at, stranger] of ['one', 'two'].entries()) {
    const redis = room.votes[at]?.connect();
    await redis?.set(key, stranger, 'PX', 60_000);
    redis?.disconnect();
  }
  const body = { seats: ['A-1-1'], chartHash: room.chartHash };
  const results = await Promise.all(
    ['first', 'second'].map(async (name, at) => {
      const shopper = room.kit.client(await room.kit.token('shopper', `${name}-shopper`), at);
      return shopper.call('placeHold', { params, body });
    }),
  );
  const [winner] = results.filter(({ kind }) => kind === 'done');
  const [loser] = results.filter(({ kind }) => kind === 'refused');
  assert.ok(winner !== undefined && loser !== undefined, JSON.stringify(results));
  done(winner, 201);
  refused(loser, 'seats.unavailable');
  assert.is(await misses(room), 2);
});

test('row 6, I1: the same seats in any order, all at once: one shopper gets them, nobody waits for a lock that waits for another', async (room) => {
  const fraction = seededFraction(testSeed('order of seats'));
  const seats = ['A-1-1', 'A-1-2', 'A-1-3', 'A-2-1', 'B-1-1'];
  for (let round = 0; round < 5; round += 1) {
    const beganMs = performance.now();
    const shoppers = await Promise.all(
      Array.from({ length: 6 }, async (_, at) =>
        room.kit.client(await room.kit.token('shopper', `shopper-${round}-${at}`), at % 2),
      ),
    );
    const results = await Promise.all(
      shoppers.map((shopper) => {
        const order = [...seats].sort(() => fraction() - 0.5);
        const body = { seats: order, chartHash: room.chartHash };
        return shopper.call('placeHold', { params, body });
      }),
    );
    const won = results.findIndex(({ kind }) => kind === 'done');
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < 2_000, `six shoppers took ${tookMs} ms`);
    assert.is(results.filter(({ kind }) => kind === 'done').length, 1);
    const [winner, shopper] = [results[won], shoppers[won]];
    if (winner === undefined || shopper === undefined) throw new Error('nobody won');
    const { id, seats: held } = done(winner, 201).body;
    assert.equal(held, seats);
    const own = { params: { event: EVENT, hold: id } };
    done(await shopper.call('releaseHold', own), 200);
  }
});

test.run();
