import { decodeFeedRecord, holdId, isLive } from '@holdfast/db/model';
import { eventKey, readStoredEvent } from '@holdfast/db/redis';
import { realAmbient } from '@holdfast/infra/runtime';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { WATCHED_MS } from '../src/due-timers.ts';
import { createRedisRig, type RedisRig, until, withoutTimers } from './redis-rig.ts';
import { endsByHold, GALA, place, showOf } from './rig.ts';

const test = suite<RedisRig>('expiry on Redis');
const SHORT_MS = 300;
const LONG_MS = 60_000;
/** Ends when a worker that started before it may end something, even if it never hears of it again. */
const FAMILIAR_MS = WATCHED_MS + 500;
const MANY = 4_000;
/** Keys that expire at their own time and are in the way of Redis' search for those that did. */
const NOISE_KEYS = 200_000;
const NOISE_TTL_MS = 600_000;
/** After its deadline a hold ends within this time. */
const LATE_MS = 250;
const CROWD = 200;
const LAST = ['BYSCORE', 'REV', 'LIMIT', 0, 1, 'WITHSCORES'] as const;

test.beforeEach(async (given) => {
  Object.assign(given, await createRedisRig());
});

test.afterEach(({ drop }) => drop());

async function liveHolds({ redis }: RedisRig): Promise<number> {
  const { holds } = await readStoredEvent(redis, GALA);
  return [...holds.values()].filter(({ status }) => isLive(status)).length;
}

/** Asks for one number: reading all holds again and again would hold up what is measured. */
async function hasNoLive({ redis }: RedisRig): Promise<boolean> {
  return (await redis.zcard(eventKey(GALA, 'due'))) === 0;
}

test('row 15: with the timer alone, without a single notice, holds end', async (given) => {
  await given.open(GALA, SHORT_MS);
  await given.worker().run();
  await place(given.store, 1, [0, 1]);
  await until('the hold has ended', async () => (await liveHolds(given)) === 0);
  assert.equal(await given.audit(GALA), []);
});

test('row 15: with keyspace notices alone, holds end', async (given) => {
  await given.open(GALA, FAMILIAR_MS);
  await given.worker({ ambient: withoutTimers(realAmbient()), notices: true }).run();
  await place(given.store, 1, [0, 1]);
  await until('the hold has ended', async () => (await liveHolds(given)) === 0);
  assert.equal(await given.audit(GALA), []);
});

test('with neither, nothing ends: the two tests above prove what they say', async (given) => {
  await given.open(GALA, SHORT_MS);
  await given.worker({ ambient: withoutTimers(realAmbient()) }).run();
  await place(given.store, 1, [0]);
  const key = `${eventKey(GALA, 'meta').replace(/:meta$/, '')}:alarm:*`;
  await until('the alarm key is gone', async () => (await given.redis.keys(key)).length === 0);
  assert.is(await liveHolds(given), 1);
});

test('row 16, I3: three workers with notices on and 4,000 holds due at once: one end record and one announcement for each hold', async (given) => {
  await given.open(GALA, SHORT_MS, MANY);
  const holds = Array.from({ length: MANY }, (_, hold) => hold);
  await Promise.all(holds.map((hold) => place(given.store, hold, [hold])));
  const [, lastDue] = await given.redis.zrange(eventKey(GALA, 'due'), '+inf', '-inf', ...LAST);
  const due = async (): Promise<boolean> =>
    ((await given.store.nextDue([GALA]))[0]?.nowMs ?? 0) >= Number(lastDue);
  await until('all are due', due);
  const workers = [1, 2, 3].map(() => given.worker({ notices: true }));
  await Promise.all(workers.map((worker) => worker.run()));
  await until('all have ended', () => hasNoLive(given));
  const { feed } = await readStoredEvent(given.redis, GALA);
  const ends = endsByHold(feed);
  assert.is(ends.size, holds.length);
  assert.ok([...ends.values()].every((count) => count === 1));
  await until('all are announced', () => given.announced.notices.length >= holds.length);
  assert.equal([...endsByHold(given.announced.entries)].sort(), [...ends].sort());
  assert.is(given.announced.notices.length, holds.length);
  assert.equal(await given.audit(GALA), []);
});

test('row 15, I6: among 200,000 other keys that expire, with no notice at all, each of 200 holds ends within 250 ms of its deadline', async (given) => {
  await given.redis.eval(
    "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'noise:' .. i, '', 'PX', ARGV[2]) end",
    0,
    ...[NOISE_KEYS, NOISE_TTL_MS],
  );
  await given.open(GALA, FAMILIAR_MS);
  await given.worker().run();
  const holds = Array.from({ length: CROWD }, (_, hold) => hold);
  await Promise.all(holds.map((hold) => place(given.store, hold, [hold])));
  await until('all have ended', () => hasNoLive(given));
  const { feed, holds: records } = await readStoredEvent(given.redis, GALA);
  const late = feed.flatMap(({ line }) => {
    const { verb, holdId: id, redisMs } = decodeFeedRecord(line);
    return verb === 'expire' ? [redisMs - (records.get(holdId(id))?.deadlineMs ?? 0)] : [];
  });
  assert.is(late.length, CROWD);
  assert.ok(Math.min(...late) >= 0, `${Math.min(...late)} ms: before its deadline`);
  assert.ok(Math.max(...late) <= LATE_MS, `up to ${Math.max(...late)} ms late`);
});

test('row 15: a subscriber that was cut while holds ran out looks at all events when it is back', async (given) => {
  await given.open(GALA, FAMILIAR_MS);
  await given.worker({ ambient: withoutTimers(realAmbient()), notices: true }).run();
  for (let round = 0; round < 3; round += 1) {
    await given.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await place(given.store, round, [round]);
  }
  await until('nothing is held', async () => (await liveHolds(given)) === 0);
  assert.equal(await given.audit(GALA), []);
});

test('a worker that died while loading is followed by another', async (given) => {
  const { chartHash, seatCount, sale, version, policy } = showOf();
  await given.catalogue.createEvent(showOf());
  await given.catalogue.addBlocks({ event: GALA, chartHash }, [5, 6]);
  const source = { chartHash, seatCount, sale, version, policy };
  await given.store.loadBegin(GALA, { token: 'died', ...source });
  await given.store.loadPart(GALA, { token: 'died', seats: [{ seat: 1, holder: 'x' }] });
  await given.worker().run();
  assert.is((await given.store.snapshot(GALA)).outcome, 'event.loading');
  await given.redis.hincrby(eventKey(GALA, 'meta'), 'loadedAt', -30_000);
  await until('the event is open', async () => (await given.store.heads([GALA]))[0] !== null);
  const { holders } = await readStoredEvent(given.redis, GALA);
  assert.equal(
    [...holders],
    [
      [5, 'x'],
      [6, 'x'],
    ],
  );
});

test('row 32, I6: a clock that jumps is rebased by one of three workers, and no hold ends early', async (given) => {
  await given.open(GALA, LONG_MS);
  await Promise.all([1, 2, 3].map(() => given.worker({ notices: true }).run()));
  await place(given.store, 1, [0]);
  for (const jumpMs of [61_000, -661_000]) {
    // The scripts' clock is TIME plus the shift, so this is what a jump of TIME looks like to them.
    await given.redis.hincrby(eventKey(GALA, 'meta'), 'shift', jumpMs);
    const shift = (): Promise<string | null> => given.redis.hget(eventKey(GALA, 'meta'), 'shift');
    await until('the event is rebased', async () => Math.abs(Number(await shift())) < 1_000);
  }
  assert.is(await liveHolds(given), 1);
  assert.equal(await given.audit(GALA), []);
});

test.run();
