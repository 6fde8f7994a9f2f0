import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { auditEvent, gatherEvidence, type Journal } from '../../src/audit/door.ts';
import {
  DEFAULT_POLICY,
  eventId,
  type HoldStore,
  ownerId,
  type PlaceReply,
} from '../../src/model/door.ts';
import {
  createRedisHoldStore,
  readAllScripts,
  readStoredEvent,
  sourceOf,
} from '../../src/redis/door.ts';
import { namedHold } from './ledger.ts';

const test = suite<Given>('audit of a broken place');
const GALA = eventId('gala');
const CHART = 'chart';
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

/** The shipped `place` with its check for other holders taken out; only this file can do that. */
function brokenStore(redis: Redis): HoldStore {
  const scripts = readAllScripts();
  const check = "if alive then\n  return reply('seats.unavailable', '', '', taken)\nend";
  const text = scripts.place.text.replace(check, '');
  assert.is.not(text, scripts.place.text, 'the check was found');
  return createRedisHoldStore({ redis, scripts: { ...scripts, place: sourceOf(text) } });
}

/** Ten shoppers tap the same two seats; each writes down what it was told. */
async function rush(store: HoldStore): Promise<Journal[]> {
  const source = { chartHash: CHART, seatCount: 4, sale: 'open', version: 1 } as const;
  await store.loadBegin(GALA, { token: 't', policy: DEFAULT_POLICY, ...source });
  await store.loadEnd(GALA, { token: 't' });
  const names = Array.from({ length: 10 }, (_, shopper) => `shopper-${shopper}`);
  const replies = await Promise.all(names.map((name) => tap(store, name)));
  return replies.map((reply, at) => journalOf(names[at] ?? '', reply));
}

function tap(store: HoldStore, name: string): Promise<PlaceReply> {
  return store.place(GALA, {
    holdId: namedHold(name),
    owner: ownerId(name),
    seats: [1, 2],
    quote: { currency: 'EUR', priceVersion: CHART, amounts: [100, 100] },
    chartHash: CHART,
    idemField: '',
    bodyHash: '',
    addressHash: '',
    trail: { actor: 'test', reason: '', requestId: '', traceId: '' },
  });
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
  const journals = await rush(brokenStore(redis));
  const stored = await readStoredEvent(redis, GALA);
  const findings = auditEvent(gatherEvidence({ stored, journals }));
  const codes = new Set(findings.map(({ code }) => code));
  for (const code of ['told.overlap', 'record.before-differs', 'hold.seats-differ'] as const) {
    assert.ok(codes.has(code), `${code} in ${[...codes].join(', ')}`);
  }
});

test.run();
