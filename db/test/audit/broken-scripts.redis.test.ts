import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import {
  auditEvent,
  type FindingCode,
  gatherEvidence,
  type Journal,
} from '../../src/audit/door.ts';
import {
  DEFAULT_POLICY,
  eventId,
  type HoldStore,
  ownerId,
  type PlaceCommand,
  type PlaceReply,
  type Trail,
} from '../../src/model/door.ts';
import {
  createRedisHoldStore,
  readAllScripts,
  readStoredEvent,
  type ScriptName,
  sourceOf,
} from '../../src/redis/door.ts';
import { namedHold } from './ledger.ts';

const test = suite<Given>('audit of broken scripts');
const GALA = eventId('gala');
const CHART = 'chart';
const TRAIL: Trail = { actor: 'test', reason: '', requestId: '', traceId: '' };
type Given = { server: TestRedis; redis: Redis };

test.before(async (given) => {
  given.server = await startTestRedis();
  given.redis = given.server.connect();
});

test.beforeEach(({ redis }) => redis.flushall().then(() => undefined));

test.after(async ({ server, redis }) => {
  redis.disconnect();
  await server.stop();
});

/** A shipped script with one of its checks taken out; only this file can do that. */
function brokenStore(redis: Redis, script: ScriptName, check: string, instead = ''): HoldStore {
  const scripts = readAllScripts();
  const text = scripts[script].text.replace(check, instead);
  assert.is.not(text, scripts[script].text, 'the check was found');
  return createRedisHoldStore({ redis, scripts: { ...scripts, [script]: sourceOf(text) } });
}

const HOLDER_CHECK = "if alive then\n  return reply('seats.unavailable', '', '', taken)\nend";

async function load(store: HoldStore): Promise<void> {
  const source = { chartHash: CHART, seatCount: 12, sale: 'open', version: 1 } as const;
  await store.loadBegin(GALA, { token: 't', policy: DEFAULT_POLICY, ...source });
  await store.loadEnd(GALA, { token: 't' });
}

async function codesOf(redis: Redis, journals: Journal[]): Promise<ReadonlySet<FindingCode>> {
  const stored = await readStoredEvent(redis, GALA);
  return new Set(auditEvent(gatherEvidence({ stored, journals })).map(({ code }) => code));
}

/** Ten shoppers tap the same two seats; each writes down what it was told. */
async function rush(store: HoldStore): Promise<Journal[]> {
  await load(store);
  const names = Array.from({ length: 10 }, (_, shopper) => `shopper-${shopper}`);
  const replies = await Promise.all(names.map((name) => tap(store, name)));
  return replies.map((reply, at) => journalOf(names[at] ?? '', reply));
}

function placing(name: string, seats: readonly number[]): PlaceCommand {
  return {
    holdId: namedHold(name),
    owner: ownerId(name),
    seats,
    quote: { currency: 'EUR', priceVersion: CHART, amounts: seats.map(() => 100) },
    chartHash: CHART,
    idemField: '',
    bodyHash: '',
    addressHash: '',
    trail: TRAIL,
  };
}

function tap(store: HoldStore, name: string, seats = [1, 2]): Promise<PlaceReply> {
  return store.place(GALA, placing(name, seats));
}

function journalOf(client: string, reply: PlaceReply): Journal {
  if (reply.outcome !== 'placed') return { client, entries: [] };
  const { holdId: hold, nowMs: atMs, position } = reply;
  const { seats, deadlineMs } = reply.hold;
  return { client, entries: [{ kind: 'held', hold, seats, deadlineMs, atMs, position }] };
}

test('a rush on the shipped place is clean: one shopper is told, the others are refused (I1)', async ({
  redis,
}) => {
  const journals = await rush(createRedisHoldStore({ redis }));
  assert.is(journals.filter(({ entries }) => entries.length > 0).length, 1);
  const stored = await readStoredEvent(redis, GALA);
  assert.equal(auditEvent(gatherEvidence({ stored, journals })), []);
});

test('a place without its holder check is found, by what was told and by the feed (I1)', async ({
  redis,
}) => {
  const journals = await rush(brokenStore(redis, 'place', HOLDER_CHECK));
  const codes = await codesOf(redis, journals);
  for (const code of ['told.overlap', 'record.before-differs', 'hold.seats-differ'] as const) {
    assert.ok(codes.has(code), `${code} in ${[...codes].join(', ')}`);
  }
});

test('a place without its cap is found by the feed', async ({ redis }) => {
  const nine = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const honest = createRedisHoldStore({ redis });
  await load(honest);
  assert.is((await tap(honest, 'greedy', nine)).outcome, 'seats.too-many');
  const broken = brokenStore(
    redis,
    'place',
    'seat_list(seats, policy.max_seats)',
    'seat_list(seats, 99)',
  );
  const told = [journalOf('greedy', await tap(broken, 'greedy', nine))];
  assert.ok((await codesOf(redis, told)).has('hold.over-cap'));
});

test('a place without its look for the basket is found by the feed', async ({ redis }) => {
  const broken = brokenStore(redis, 'place', 'if basket then', 'if false then');
  await load(broken);
  await tap(broken, 'holder', [1]);
  const second = { ...placing('second', [2]), owner: ownerId('holder') };
  assert.is((await broken.place(GALA, second)).outcome, 'placed');
  assert.ok((await codesOf(redis, [])).has('record.second-basket'));
});

test('a release without its look at the owner is found by the feed (item 1)', async ({ redis }) => {
  const honest = createRedisHoldStore({ redis });
  await load(honest);
  const told = [journalOf('holder', await tap(honest, 'holder'))];
  const theft = { holdId: namedHold('holder'), owner: ownerId('thief'), rev: null, trail: TRAIL };
  assert.is((await honest.release(GALA, theft)).outcome, 'hold.unknown');
  assert.equal(await codesOf(redis, told), new Set());
  const broken = brokenStore(redis, 'release', ' or h.owner ~= owner');
  assert.is((await broken.release(GALA, theft)).outcome, 'released');
  assert.ok((await codesOf(redis, told)).has('record.owner-differs'));
});

test.run();
