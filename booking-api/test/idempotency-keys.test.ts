import { sendRaw, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { IDEMPOTENCY_KEY_LENGTH_MAX } from '../src/contract/door.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, isProblem, refused } from './checked-client.ts';
import { keptState } from './kept-state.ts';

type Context = { kit: ApiKit; chartHash: string; client: CheckedClient };

const test = suite<Context>('security 9: what an Idempotency-Key stands for');
const event = 'evening-show';
const params = { event };
const idempotencyKey = 'tap-1';

test.beforeEach(async (context) => {
  context.kit = await startApiKit();
  context.chartHash = (await context.kit.addEvent()).chartHash;
  context.client = context.kit.client(await context.kit.token());
});
test.afterEach(({ kit }) => kit.stop());

test('security 9: one key means one thing per event and per route, not one for all', async (context) => {
  const { kit, client, chartHash } = context;
  await kit.addEvent({ id: 'matinee' });
  const body = { seats: ['A-1-1'], chartHash };
  const here = done(await client.call('placeHold', { params, body, idempotencyKey }), 201).body;
  const call = { params: { event: 'matinee' }, body, idempotencyKey };
  const there = done(await client.call('placeHold', call), 201).body;
  assert.is.not(there.id, here.id);
  const mine = { event, hold: here.id };
  const adding = { rev: 1, add: ['A-1-2'], chartHash };
  const added = await client.call('amendHold', { params: mine, body: adding, idempotencyKey });
  assert.equal(done(added, 200).body.seats, ['A-1-1', 'A-1-2']);
  const extended = await client.call('extendHold', {
    ...{ params: mine, body: { rev: 2 } },
    idempotencyKey,
  });
  assert.is(done(extended, 200).body.rev, 3);
});

test('security 9, I5: what was refused is not remembered: the key is free for the mended request', async (context) => {
  const { kit, client, chartHash } = context;
  const rival = kit.client(await kit.token('shopper', 'rival'));
  done(await rival.call('placeHold', { params, body: { seats: ['B-1-1'], chartHash } }), 201);
  const headers = { 'idempotency-key': idempotencyKey };
  const wrong: [unknown, Parameters<typeof isProblem>[1]][] = [
    [{ seats: [], chartHash }, 'request.invalid'],
    [{ seats: ['A-1-1'], chartHash, price: 1 }, 'request.invalid'],
    ['{', 'request.malformed'],
    [{ seats: ['A-1-1', 'Z-9-9'], chartHash }, 'seats.unknown'],
    [{ seats: ['A-1-1'], chartHash: '0'.repeat(32) }, 'chart.changed'],
    [{ seats: ['A-1-1', 'B-1-1'], chartHash }, 'seats.unavailable'],
  ];
  for (const [body, code] of wrong) {
    isProblem(await client.send('POST', `/v1/events/${event}/holds`, { body, headers }), code);
  }
  const body = { seats: ['A-1-1'], chartHash };
  done(await client.call('placeHold', { params, body, idempotencyKey }), 201);
  const other = { params, body: { seats: ['A-1-2'], chartHash }, idempotencyKey };
  refused(await client.call('placeHold', other), 'idempotency.mismatch');
});

test('security 9: the longest key is taken; one character more is refused, on every route that takes one', async (context) => {
  const { client, chartHash } = context;
  const longest = 'k'.repeat(IDEMPOTENCY_KEY_LENGTH_MAX);
  const body = { seats: ['A-1-1'], chartHash };
  const { id } = done(
    await client.call('placeHold', { params, body, idempotencyKey: longest }),
    201,
  ).body;
  const headers = { 'idempotency-key': `${longest}k` };
  const hold = `/v1/events/${event}/holds/${id}`;
  for (const [method, path, given] of [
    ['POST', `/v1/events/${event}/holds`, body],
    ['PATCH', hold, { rev: 1, add: ['A-1-2'], chartHash }],
    ['POST', `${hold}/extend`, { rev: 1 }],
  ] as const) {
    isProblem(await client.send(method, path, { body: given, headers }), 'header.invalid');
  }
});

test('security 9, I5: control characters in a key end the request, and nothing is held', async (context) => {
  const { kit, chartHash } = context;
  const { id } = await kit.addEvent({ id: 'untouched' });
  const before = await keptState(kit, [id]);
  const body = JSON.stringify({ seats: ['A-1-1'], chartHash });
  const token = await kit.token();
  for (const key of ['a\u0000b', 'a\u0007b', 'a\u001bb', 'a\tb', 'a\u007fb', 'a\u0085b', 'a\rb']) {
    const answer = await sendRaw(
      kit.apis[0]?.port() ?? 0,
      [
        `POST /v1/events/${id}/holds HTTP/1.1`,
        ...['Host: x', 'Connection: close', 'Content-Type: application/json'],
        ...[`Authorization: Bearer ${token}`, `Content-Length: ${body.length}`],
        ...[`Idempotency-Key: ${key}`, '', body],
      ].join('\r\n'),
    );
    assert.match(answer, /^HTTP\/1\.1 400 /, JSON.stringify(key));
  }
  assert.is(await keptState(kit, [id]), before);
});

test.run();
