import { createApiClient } from '@holdfast/booking-api/contract';
import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { eventId } from '@holdfast/db/model';
import { createRedisHoldStore, type RedisConnection, readStoredEvent } from '@holdfast/db/redis';
import { createLogger, openRedis } from '@holdfast/infra/runtime';
import {
  type FaultProxy,
  startFaultProxy,
  startTestRedis,
  suite,
  type TestRedis,
} from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

/** An API whose Redis is behind a fault proxy, and a second connection that sees what is really stored. */
type Room = {
  server: TestRedis;
  direct: Redis;
  proxy: FaultProxy;
  redis: RedisConnection;
  kit: ApiKit;
  chartHash: string;
};
const test = suite<Room>('replies that are lost on their way');
const EVENT = eventId('evening-show');
const params = { event: EVENT };

test.before(async (room) => {
  room.server = await startTestRedis();
  room.direct = room.server.connect();
});

test.beforeEach(async (room) => {
  await room.direct.flushall();
  room.proxy = await startFaultProxy({ toPort: room.server.port });
  const logger = createLogger('test', 'silent');
  room.redis = await openRedis(room.proxy.redisUrl, { name: 'test', role: 'commands', logger });
  room.kit = await startApiKit({ store: createRedisHoldStore({ redis: room.redis }) });
  room.chartHash = (await room.kit.addEvent()).chartHash;
});

test.afterEach(async ({ kit, redis, proxy }) => {
  await kit.stop();
  redis.disconnect();
  await proxy.stop();
});

test.after(async ({ direct, server }) => {
  direct.disconnect();
  await server.stop();
});

/** The verbs that were done, by the feed, after an audit of everything stored. */
async function doneVerbs({ direct }: Room): Promise<string[]> {
  const stored = await readStoredEvent(direct, EVENT);
  assert.equal(auditEvent(gatherEvidence({ stored })), []);
  return stored.feed.map(({ line }) => line.split('|')[1] ?? '');
}

/**
 * Sends the call until it is answered with 200 or 201, as a client library does: under one key, and
 * without a word about the connection that broke.
 */
async function untilAnswered<Answer extends { readonly kind: string }>(
  call: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const answer = await call();
    const isAnswered = 'status' in answer && (answer.status === 200 || answer.status === 201);
    if (isAnswered) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('not answered after 50 attempts');
}

test('row 7: the reply to a script is lost: place, amend, extend and release are each done once and answered with the hold (I3, I5)', async (room) => {
  const { kit, proxy, chartHash } = room;
  const shopper = kit.client(await kit.token());
  const placing = proxy.loseReply(/^EVAL/);
  const place = { params, body: { seats: ['A-1-1'], chartHash }, idempotencyKey: 'tap-1' };
  const placed = done(await untilAnswered(() => shopper.call('placeHold', place)), 201).body;
  await placing;
  assert.equal([placed.seats, placed.rev], [['A-1-1'], 1]);

  const own = { params: { event: EVENT, hold: placed.id } };
  const amend = { ...own, body: { rev: 1, add: ['A-1-2'], chartHash }, idempotencyKey: 'add-1' };
  // The first script of an amendment reads the hold; the second one changes it.
  const amending = proxy.loseReply(/^EVAL/, 2);
  const amended = done(await untilAnswered(() => shopper.call('amendHold', amend)), 200).body;
  await amending;
  assert.equal([amended.seats, amended.rev], [['A-1-1', 'A-1-2'], 2]);

  const extend = { ...own, body: { rev: 2 }, idempotencyKey: 'more-1' };
  const extending = proxy.loseReply(/^EVAL/);
  const extended = done(await untilAnswered(() => shopper.call('extendHold', extend)), 200).body;
  await extending;
  assert.equal([extended.rev, extended.extensionsLeft], [3, placed.extensionsLeft - 1]);

  const releasing = proxy.loseReply(/^EVAL/);
  const released = done(await untilAnswered(() => shopper.call('releaseHold', own)), 200).body;
  await releasing;
  assert.is(released.status, 'released');
  assert.equal(await doneVerbs(room), ['place', 'amend', 'release']);
});

test('row 7: a lost reply to a release never frees a seat that somebody else has by then (I1)', async (room) => {
  const { kit, proxy, chartHash } = room;
  const [first, second] = [
    kit.client(await kit.token('shopper', 'first-shopper')),
    kit.client(await kit.token('shopper', 'second-shopper')),
  ];
  const body = { seats: ['A-1-1'], chartHash };
  const { id } = done(await first.call('placeHold', { params, body }), 201).body;
  const own = { params: { event: EVENT, hold: id } };
  const lost = proxy.loseReply(/^EVAL/);
  await first.call('releaseHold', own);
  await lost;
  const theirs = done(
    await untilAnswered(() => second.call('placeHold', { params, body, idempotencyKey: 'tap' })),
    201,
  ).body;
  assert.is(done(await first.call('releaseHold', own), 200).body.status, 'released');
  const still = { params: { event: EVENT, hold: theirs.id } };
  assert.is(done(await second.call('readHold', still), 200).body.status, 'held');
  assert.equal(await doneVerbs(room), ['place', 'release', 'place']);
});

test('row 7, security 9: the reply is lost between API and shopper: the same request again gets the first answer, nothing happens twice (I5)', async (room) => {
  const { kit, chartHash } = room;
  const [api] = kit.apis;
  const proxy = await startFaultProxy({ toPort: api?.port() ?? 0 });
  const token = await kit.token();
  const baseUrl = `http://127.0.0.1:${proxy.port}`;
  const shopper = createApiClient({ fetch, baseUrl, token: () => token });
  const place = { params, body: { seats: ['B-1-1'], chartHash }, idempotencyKey: 'tap-1' };
  const lost = proxy.loseNextBytes();
  assert.is((await shopper.call('placeHold', place)).kind, 'unreachable');
  await lost;
  const placed = done(await shopper.call('placeHold', place), 201).body;
  const again = done(await shopper.call('placeHold', place), 201).body;
  assert.is(again.id, placed.id);
  assert.equal(await doneVerbs(room), ['place']);
  const other = { ...place, body: { seats: ['B-1-2'], chartHash } };
  refused(await shopper.call('placeHold', other), 'idempotency.mismatch');
  await proxy.stop();
});

test('row 8: a Redis that goes silent costs a request its limit, not for ever; nothing leaks (I5)', async (room) => {
  const { kit, proxy, chartHash } = room;
  const shopper = kit.client(await kit.token());
  const place = { params, body: { seats: ['A-1-1'], chartHash }, idempotencyKey: 'tap-1' };
  await shopper.call('readSeats', { params });
  proxy.stall();
  const beganAtMs = performance.now();
  const result = await shopper.call('placeHold', place);
  const tookMs = performance.now() - beganAtMs;
  assert.ok(tookMs < 10_000, `answered after ${Math.round(tookMs)} ms`);
  const isHonest = result.kind === 'refused' || (result.kind === 'done' && result.status === 202);
  assert.ok(isHonest, JSON.stringify(result));
  proxy.resume();
  const placed = done(await untilAnswered(() => shopper.call('placeHold', place)), 201).body;
  assert.equal(placed.seats, ['A-1-1']);
  assert.equal(await doneVerbs(room), ['place']);
});

test('row 9: the server forgets its scripts in mid-load: every request is answered, each hold is placed once', async (room) => {
  const { kit, direct, chartHash } = room;
  const seats = ['1', '2', '3', '4', '5'].flatMap((number) => [`A-1-${number}`, `A-2-${number}`]);
  const placing = seats.map(async (seat, at) => {
    const shopper = kit.client(await kit.token('shopper', `shopper-${at}`));
    return shopper.call('placeHold', { params, body: { seats: [seat], chartHash } });
  });
  for (let time = 0; time < 20; time += 1) await direct.script('FLUSH');
  for (const result of await Promise.all(placing)) done(result, 201);
  assert.is((await doneVerbs(room)).length, seats.length);
});

test.run();
