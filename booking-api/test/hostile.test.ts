import { connect } from 'node:net';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { BODY_BYTES_MAX, PATHS, type RouteName } from '../src/contract/door.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { type CheckedClient, done, isProblem, type RawAnswer } from './checked-client.ts';
import { keptState } from './kept-state.ts';

type Context = {
  kit: ApiKit;
  chartHash: string;
  hold: string;
  owner: CheckedClient;
  shopper: CheckedClient;
  operator: CheckedClient;
  before: string;
};

const test = suite<Context>('hostile input: the documented error, and nothing changed');
const event = 'evening-show';
const holds = `/v1/events/${event}/holds`;

test.before(async (context) => {
  const kit = await startApiKit();
  const { chartHash, id } = await kit.addEvent();
  const owner = kit.client(await kit.token('shopper', 'owner-1'));
  const body = { seats: ['A-1-1'], chartHash };
  const placed = done(await owner.call('placeHold', { params: { event }, body }), 201);
  Object.assign(context, {
    ...{ kit, chartHash, owner, hold: placed.body.id },
    shopper: kit.client(await kit.token('shopper', 'shopper-1')),
    operator: kit.client(await kit.token('operator')),
    before: await keptState(kit, [id]),
  });
});
test.afterEach(async ({ kit, before }) => {
  const [document] = await kit.catalogue.listEvents();
  assert.is(document === undefined ? '' : await keptState(kit, [document.id]), before);
  for (const line of kit.logs) assert.not.match(line, '"status":500');
});
test.after(({ kit }) => kit.stop());

test('security 8, 11, I5: bodies of the wrong form, with unknown keys such as price, owner, state or rev, are 422 with the places that are wrong', async (context) => {
  const { shopper, chartHash, hold } = context;
  const seats = ['A-1-2'];
  const good = { seats, chartHash };
  const bodies: unknown[] = [
    {},
    { seats },
    { chartHash },
    { ...good, price: 1 },
    { ...good, owner: 'owner-1', state: 'booked', rev: 9 },
    { ...good, seats: [] },
    { ...good, seats: 'A-1-2' },
    { ...good, seats: [7] },
    { ...good, seats: [-1, 0, 2 ** 53] },
    { ...good, seats: [['A-1-2']] },
    { ...good, seats: [null] },
    { ...good, seats: [{ label: 'A-1-2' }] },
    { ...good, seats: [''] },
    { ...good, seats: ['A-1-2\r\nX: y'] },
    { ...good, seats: ['x'.repeat(200)] },
    { ...good, seats: Array.from({ length: 41 }, (_, at) => `A-1-${at}`) },
    { ...good, chartHash: 'ABC' },
    { ...good, chartHash: `${chartHash} ` },
    { ...good, chartHash: null },
    [good],
  ];
  for (const body of bodies) {
    const answer = await shopper.send('POST', holds, { body });
    isProblem(answer, 'request.invalid');
    assert.ok(JSON.parse(answer.text).errors.length > 0, answer.text);
  }
  const amendments: unknown[] = [
    { rev: 1, chartHash },
    { rev: 0, add: seats, chartHash },
    { rev: -1, add: seats, chartHash },
    { rev: 1.5, add: seats, chartHash },
    { rev: '1', add: seats, chartHash },
    { rev: 2 ** 53, add: seats, chartHash },
    { rev: 1, add: seats, drop: seats, chartHash },
    { rev: 1, add: [], chartHash },
    { rev: 1, add: seats },
    { rev: 1, add: seats, chartHash, owner: 'shopper-1' },
  ];
  for (const body of amendments) {
    isProblem(await context.owner.send('PATCH', `${holds}/${hold}`, { body }), 'request.invalid');
  }
  for (const body of [{ rev: 'x' }, { rev: 1, until: 9 }, []]) {
    const answer = await context.owner.send('POST', `${holds}/${hold}/extend`, { body });
    isProblem(answer, 'request.invalid');
  }
});

test('security 18, 20, I5: bodies that are no JSON, too large or of another kind are refused before they are read', async ({
  shopper,
  chartHash,
}) => {
  const good = JSON.stringify({ seats: ['A-1-2'], chartHash });
  const post = (body: string, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    shopper.send('POST', holds, { body, headers });
  const poisoned = (key: string) =>
    `{"seats":["A-1-2"],"chartHash":"${chartHash}","${key}":{"admin":true}}`;
  isProblem(await post(poisoned('__proto__')), 'request.malformed');
  isProblem(await post(poisoned('constructor')), 'request.invalid');
  for (const body of ['{', '{"seats":', 'seats=A-1-2', '"text"', '7', 'null', '\u0000', '[[[[']) {
    isProblem(await post(body), 'request.malformed');
  }
  isProblem(await post(`{"seats":["${'x'.repeat(1_000_000)}"]}`), 'request.too-large');
  const many = JSON.stringify({ seats: Array(10_000).fill('A-1-2'), chartHash });
  isProblem(await post(many), 'request.too-large');
  isProblem(await post(' '.repeat(BODY_BYTES_MAX) + good), 'request.too-large');
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'json',
  ]) {
    isProblem(await post(good, { 'content-type': type }), 'request.media-type');
  }
  for (const type of ['application/json-patch+json', 'application/jsonx', 'multipart/form-data']) {
    isProblem(await post(good, { 'content-type': type }), 'request.media-type');
  }
  isProblem(await post(good, { 'content-encoding': 'gzip' }), 'request.media-type');
  isProblem(await shopper.send('POST', holds), 'request.invalid');
});

test('security 2, I5: ids in other cases, neighbouring, padded, encoded, look-alike or foreign are 404 on every verb', async ({
  owner,
  hold,
}) => {
  const [, secret = ''] = hold.split('.');
  const events = [
    'EVENING-SHOW',
    'evening-show%20',
    '%20evening-show',
    'evening%2Dshow%00',
    'ｅvening-show',
  ];
  for (const id of [...events, '..', 'x'.repeat(41), '%E0%A4%A', "'..redis.call('flushall')..'"]) {
    const answer = await owner.send('GET', `/v1/events/${encodeURI(decodeSafely(id))}`);
    assert.is(answer.status, 404, `${id}: ${answer.text}`);
  }
  const ids = [
    `EVENING-SHOW.${secret}`,
    `other-show.${secret}`,
    `${hold}%20`,
    `%20${hold}`,
    `${hold}=`,
    `${event}.${secret.slice(0, -1)}`,
    `${event}.${secret.toUpperCase()}`,
    `${event}.${secret.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`,
    `${event}.${encodeURIComponent('\u0430')}${secret.slice(1)}`, // a Cyrillic a
    `${event}${encodeURIComponent('\uff0e')}${secret}`, // a full-width dot
    `${event}.${'A'.repeat(21)}B`,
    `${hold}.`,
    secret,
    '__proto__',
    'constructor',
    '-1',
    '%0d%0aX-Injected:1',
  ].filter((id) => id !== hold);
  for (const id of ids) {
    for (const [method, path, body] of [
      ['GET', `${holds}/${id}`, undefined],
      ['DELETE', `${holds}/${id}`, undefined],
      ['POST', `${holds}/${id}/extend`, { rev: 1 }],
    ] as const) {
      const answer = await owner.send(method, path, body === undefined ? {} : { body });
      isProblem(answer, 'hold.unknown');
      assert.is(answer.headers.get('x-injected'), null);
    }
  }
});

test('security 9, I5: an Idempotency-Key over 255 characters or with other than printable ones, and every header that cannot be read, is 400 by its name', async ({
  owner,
  hold,
  chartHash,
}) => {
  const body = { add: ['A-1-2'], chartHash };
  for (const ifMatch of ['1', 'W/"1"', '"x"', '"1", "2"', '"-1"', '"0"', `"${'9'.repeat(40)}"`]) {
    const headers = { 'if-match': ifMatch };
    isProblem(await owner.send('PATCH', `${holds}/${hold}`, { body, headers }), 'header.invalid');
  }
  for (const key of ['k'.repeat(256), 'tap-\u00e9', 'tap\t1']) {
    const headers = { 'idempotency-key': key };
    const placing = { seats: ['A-1-2'], chartHash };
    isProblem(await owner.send('POST', holds, { body: placing, headers }), 'header.invalid');
  }
});

test('security 19: addresses and methods that are not there are problems too', async ({
  shopper,
}) => {
  for (const path of [
    '/',
    '/v1',
    '/v1/',
    '/v2/events',
    '/V1/events',
    '/v1/events/',
    '//v1/events',
  ]) {
    isProblem(await shopper.send('GET', path), 'route.unknown');
  }
  const answer = await shopper.send('PUT', holds, { body: {} });
  isProblem(answer, 'method.not-allowed');
  assert.is(answer.headers.get('allow'), 'POST, GET, HEAD');
  isProblem(await shopper.send('DELETE', '/v1/sessions'), 'method.not-allowed');
  isProblem(await shopper.send('OPTIONS', holds), 'method.not-allowed');
});

test('security 8, 20, I5: every operation survives values of the wrong kind in its body', async (context) => {
  const { operator, owner, hold } = context;
  const values = ['null', '[]', '{"a":{}}', '{"__proto__":null}', '"x"', '{"seats":{}}', '1e999'];
  for (const name of Object.keys(PATHS) as RouteName[]) {
    const { method, path } = PATHS[name];
    if (method === 'GET' || method === 'DELETE' || name === 'revokeHold') continue;
    const filled = path.replace('{event}', event).replace('{hold}', hold);
    for (const body of values) {
      const client = path.includes('{hold}') ? owner : operator;
      const answer = await client.send(method, filled, { body });
      assert.ok([400, 422].includes(answer.status), `${name} ${body}: ${answer.text}`);
    }
  }
});

test('security 18, 19: what is no HTTP gets a problem and the connection ends', async ({ kit }) => {
  const port = kit.apis[0]?.port() ?? 0;
  const smuggled = [
    'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET /v1/events HTTP/1.1\r\nHost: a\r\nHost: b\r\nX: \u0001\r\n\r\n',
    'NONSENSE\r\n\r\n',
    `GET /v1/events HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
    'GET /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
  ];
  for (const text of smuggled) {
    const answer = await sendRaw(port, text);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /);
    assert.match(answer, 'application/problem+json');
    assert.not.match(answer, /HTTP\/1\.1 2/);
  }
  const split =
    'GET /v1/events?x=%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  assert.not.match(await sendRaw(port, split), /set-cookie/i);
});

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

test.run();
