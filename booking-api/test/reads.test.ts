import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { SeatState } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { unpackSnapshot } from '../src/contract/door.ts';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, isProblem, refused } from './checked-client.ts';
import { smallChart } from './small-chart.ts';

const test = suite<{ kit: ApiKit; chartHash: string }>('events, charts and seats');
const event = 'evening-show';

test.before(async (context) => {
  context.kit = await startApiKit();
  const { chartHash } = await context.kit.addEvent();
  context.chartHash = chartHash;
  await context.kit.addEvent({ id: 'secret-draft', sale: 'draft' });
});
test.after(({ kit }) => kit.stop());

test('drafts exist for operators only', async ({ kit }) => {
  const anybody = kit.client();
  const operator = kit.client(await kit.token('operator'));
  const shown = done(await anybody.call('listEvents', {}), 200).body.events;
  assert.equal(
    shown.map(({ id }) => id),
    [event],
  );
  const all = done(await operator.call('listEvents', {}), 200).body.events;
  assert.is(all.length, 2);
  const params = { event: 'secret-draft' };
  refused(await anybody.call('readEvent', { params }), 'event.unknown');
  refused(await anybody.call('readChart', { params }), 'event.unknown');
  refused(await anybody.call('readSeats', { params }), 'event.unknown');
  done(await operator.call('readEvent', { params }), 200);
  const shopper = kit.client(await kit.token());
  refused(await shopper.call('listHolds', { params }), 'event.unknown');
});

test('an event answers 304 to its own ETag', async ({ kit }) => {
  const first = await kit.client().send('GET', `/v1/events/${event}`);
  const etag = first.headers.get('etag') ?? '';
  const headers = { 'if-none-match': etag };
  const again = await kit.client().send('GET', `/v1/events/${event}`, { headers });
  assert.is(again.status, 304);
  assert.is(again.text, '');
});

test('a chart is immutable under its hash and must be asked for again without', async ({
  kit,
  chartHash,
}) => {
  const path = `/v1/events/${event}/chart`;
  const pinned = await kit.client().send('GET', `${path}?hash=${chartHash}`);
  assert.is(pinned.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(pinned.json(), smallChart());
  const loose = await kit.client().send('GET', path);
  assert.is(loose.headers.get('cache-control'), 'no-cache');
  const other = await kit.client().send('GET', `${path}?hash=${'0'.repeat(32)}`);
  isProblem(other, 'chart.unknown');
  isProblem(await kit.client().send('GET', `${path}?hash=../../etc`), 'request.invalid');
});

test('bodies come as brotli, gzip or plain, and are the same', async ({ kit }) => {
  const url = `http://127.0.0.1:${kit.apis[0]?.port()}/v1/events/${event}/chart`;
  const get = async (encoding: string) => {
    // node:http, because fetch decodes by itself.
    const { request } = await import('node:http');
    return new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      const sent = request(url, { headers: { 'accept-encoding': encoding } }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ encoding: answer.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      sent.end();
    });
  };
  const plain = await get('identity');
  const brotli = await get('br, gzip');
  const gzip = await get('gzip');
  assert.equal([plain.encoding, brotli.encoding, gzip.encoding], [undefined, 'br', 'gzip']);
  assert.equal(brotliDecompressSync(brotli.bytes), plain.bytes);
  assert.equal(gunzipSync(gzip.bytes), plain.bytes);
});

test('I4: the snapshot is the true map; its ETag moves with the position', async ({
  kit,
  chartHash,
}) => {
  const reader = kit.client();
  const before = done(await reader.call('readSeats', { params: { event } }), 200);
  const client = kit.client(await kit.token());
  const body = { seats: ['A-2-5', 'B-1-1'], chartHash };
  const hold = done(await client.call('placeHold', { params: { event }, body }), 201).body;
  const after = done(await reader.call('readSeats', { params: { event } }), 200);
  assert.is.not(after.headers.get('etag'), before.headers.get('etag'));
  assert.is(after.headers.get('holdfast-chart'), chartHash);
  assert.is(after.headers.get('holdfast-seat-count'), '16');
  const { epoch, offset, chain } = hold.position;
  assert.is(after.headers.get('holdfast-position'), `${epoch}/${offset}/${chain}`);
  assert.is(after.body.length, 5, '10 and 6 seats, each section on a byte of its own');
  const map = unpackSnapshot(smallChart().sections, after.body);
  const expected = new Uint8Array(16);
  expected[9] = SeatState.held;
  expected[10] = SeatState.held;
  assert.equal(map, expected);
  const headers = { 'if-none-match': after.headers.get('etag') ?? '' };
  const unchanged = await reader.send('GET', `/v1/events/${event}/seats`, { headers });
  assert.is(unchanged.status, 304);
});

test('an event that is not loaded is 503 with Retry-After, and the worker is told', async ({
  kit,
  chartHash,
}) => {
  await kit.addEvent({ id: 'not-loaded', loaded: false });
  const client = kit.client(await kit.token());
  const params = { event: 'not-loaded' };
  const seats = await client.call('readSeats', { params });
  assert.is(refused(seats, 'event.loading').retryAfterMs, 1_000);
  assert.is(seats.kind === 'refused' && seats.headers.get('retry-after'), '1');
  const body = { seats: ['A-1-1'], chartHash };
  refused(await client.call('placeHold', { params, body }), 'event.loading');
  refused(await client.call('listHolds', { params }), 'event.loading');
  assert.ok(kit.news.live.includes('not-loaded' as (typeof kit.news.live)[number]));
});

test('/openapi.json is served, cacheable, and describes what was seen', async ({ kit }) => {
  const first = await fetch(`http://127.0.0.1:${kit.apis[0]?.port()}/openapi.json`);
  const document = JSON.parse(await first.text());
  assert.is(document.openapi, '3.1.0');
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const again = await fetch(first.url, { headers });
  assert.is(again.status, 304);
});

test('answers carry CSP and nosniff, and no version of anything', async ({ kit }) => {
  const { headers } = await kit.client().send('GET', '/v1/events');
  assert.is(
    headers.get('content-security-policy'),
    "default-src 'none';frame-ancestors 'none';base-uri 'none'",
  );
  assert.is(headers.get('x-content-type-options'), 'nosniff');
  for (const name of ['server', 'x-powered-by', 'via']) assert.is(headers.get(name), null);
});

test.run();
