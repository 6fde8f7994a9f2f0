import { eventId } from '@holdfast/db/model';
import { createSeatLock, type LockMiss, type SeatLock } from '@holdfast/db/redis';
import { realAmbient } from '@holdfast/infra/runtime';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';

const EVENT = eventId('locked');
const SEATS = [3, 5];
const LOCK_TTL_MS = 1_000;
/** The library's own release of such a lock would retry for two seconds and then throw. */
const AT_ONCE_MS = 200;

const lock = suite('the seat lock is a hint that never fails a request');
let server: TestRedis;
let redis: Redis;
let misses: LockMiss[];
let seatLock: SeatLock;

lock.before(async () => {
  server = await startTestRedis();
  redis = server.connect();
});
lock.beforeEach(async () => {
  await redis.flushall();
  misses = [];
  seatLock = createSeatLock({
    clients: [redis],
    ambient: realAmbient(),
    onMissed: (reason) => misses.push(reason),
  });
});
lock.after(async () => {
  await redis.quit();
  await server.stop();
});

lock(
  'a granted lock covers every seat while the task runs, and is given back after it',
  async () => {
    const keys = await seatLock.withSeats(EVENT, SEATS, () => redis.keys('*'));
    assert.equal(new Set(keys), new Set(['{locked}:lock:seat:3', '{locked}:lock:seat:5']));
    assert.equal(misses, []);
    await eventually(async () => (await redis.keys('*')).length === 0);
  },
);

lock('a busy seat: the task runs without the lock and the miss is counted', async () => {
  const inner = await seatLock.withSeats(EVENT, SEATS, () =>
    seatLock.withSeats(EVENT, [5, 9], async () => 'ran'),
  );
  assert.is(inner, 'ran');
  assert.equal(misses, ['busy']);
});

lock('a silent lock server: the task runs without the lock and the miss is counted', async () => {
  const stopped = await startTestRedis();
  const client = stopped.connect();
  await client.ping();
  await stopped.pause();
  const lonely = createSeatLock({
    clients: [client],
    ambient: realAmbient(),
    onMissed: (reason) => misses.push(reason),
  });
  assert.is(await lonely.withSeats(EVENT, SEATS, async () => 'ran'), 'ran');
  assert.equal(misses, ['silent']);
  await stopped.resume();
  client.disconnect();
  await stopped.stop();
});

lock(
  'row 3: a lock whose time is over when it is granted counts as missed, and the task runs without it',
  async () => {
    const ambient = realAmbient();
    // The library stamped the lock by a clock that is behind ours: it had come over slow attempts.
    const clock = { ...ambient.clock, wallMs: () => ambient.clock.wallMs() + LOCK_TTL_MS };
    const late = createSeatLock({
      clients: [redis],
      ambient: { ...ambient, clock },
      onMissed: (reason) => misses.push(reason),
    });
    assert.is(await late.withSeats(EVENT, SEATS, async () => 'ran'), 'ran');
    assert.equal(misses, ['silent']);
    await eventually(async () => (await redis.keys('*')).length === 0);
  },
);

lock(
  'row 4: a task that outlives its lock gets its result through at once, and takes no lock of another with it',
  async () => {
    const key = '{locked}:lock:seat:3';
    let endedMs = 0;
    const result = await seatLock.withSeats(EVENT, SEATS, async () => {
      await eventually(async () => (await redis.exists(key)) === 0);
      await redis.set(key, 'another', 'PX', 60_000);
      endedMs = performance.now();
      return 'ran';
    });
    const tookMs = performance.now() - endedMs;
    assert.is(result, 'ran');
    assert.ok(tookMs < AT_ONCE_MS, `given back after ${tookMs} ms`);
    // A release is a script too; by the time that another one is answered it was judged.
    await seatLock.withSeats(EVENT, [7], async () => undefined);
    assert.is(await redis.get(key), 'another');
  },
);

lock('a failing task fails its caller and still gives the lock back', async () => {
  const failing = seatLock.withSeats(EVENT, SEATS, () => Promise.reject(new Error('refused')));
  await failing.then(
    () => assert.unreachable('the task failed'),
    (error: unknown) => assert.match(String(error), 'refused'),
  );
  await eventually(async () => (await redis.keys('*')).length === 0);
});

lock('loading waits for its lock: two loaders never run at once', async () => {
  let running = 0;
  let most = 0;
  const load = () =>
    seatLock.withLoad(EVENT, async () => {
      running += 1;
      most = Math.max(most, running);
      await redis.ping();
      running -= 1;
      return 'loaded';
    });
  assert.equal(await Promise.all([load(), load(), load()]), ['loaded', 'loaded', 'loaded']);
  assert.is(most, 1);
});

lock('an even number of lock servers is refused at start: two halves could both grant', () => {
  const two = { clients: [redis, redis], ambient: realAmbient(), onMissed: () => undefined };
  assert.throws(() => createSeatLock(two), /odd number/);
});

lock.run();

/** Awaits a condition that other work brings about; the test's own limit bounds it. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
}
