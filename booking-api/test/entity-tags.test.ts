import { SeatState } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createProjectedSeats, type ProjectionSource } from '../src/events/projected-seats.ts';
import { startApiKit } from './api-kit.ts';
import { done } from './checked-client.ts';

const test = suite('entity tags and encodings (RFC 9110)');
const event = 'evening-show';
const params = { event };

test('one weak tag names all encodings of a body, and caches are told that the encoding varies', async () => {
  const kit = await startApiKit();
  await kit.addEvent();
  const base = `http://127.0.0.1:${kit.apis[0]?.port()}`;
  for (const path of ['/openapi.json', `/v1/events/${event}/chart`, `/v1/events/${event}/seats`]) {
    const get = (headers: Record<string, string>) => fetch(`${base}${path}`, { headers });
    const tags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const answer = await get({ 'accept-encoding': encoding });
      assert.is(answer.headers.get('content-encoding') ?? 'identity', encoding);
      assert.match(answer.headers.get('vary') ?? '', /\bAccept-Encoding\b/);
      tags.add(answer.headers.get('etag') ?? '');
      await answer.arrayBuffer();
    }
    assert.is(tags.size, 1, path);
    const [tag = ''] = tags;
    assert.match(tag, /^W\/"[^"]+"$/, 'bytes differ by encoding, so the tag cannot be strong');
    for (const known of [tag, tag.replace('W/', ''), `"other", ${tag}`]) {
      const again = await get({ 'accept-encoding': 'gzip', 'if-none-match': known });
      assert.is(again.status, 304, `${path} ${known}`);
      assert.is(again.headers.get('etag'), tag);
      assert.match(again.headers.get('vary') ?? '', /\bAccept-Encoding\b/);
      assert.is(again.headers.get('content-encoding'), null);
      assert.is(await again.text(), '');
    }
    const other = await get({ 'if-none-match': 'W/"other"' });
    assert.is(other.status, 200);
    await other.arrayBuffer();
  }
  await kit.stop();
});

test('If-None-Match: * means whatever is there', async () => {
  const kit = await startApiKit();
  await kit.addEvent();
  const headers = { 'if-none-match': '*' };
  for (const path of ['', '/chart', '/seats']) {
    const answer = await kit.client().send('GET', `/v1/events/${event}${path}`, { headers });
    assert.is(answer.status, 304, path);
  }
  await kit.stop();
});

test('I4: a map that was read anew or repaired at the same position has another tag', async () => {
  const map = new Uint8Array(16);
  const projection = {
    ready: true,
    map,
    position: { epoch: '1', offset: 7, chain: '0123456789abcdef' },
    chartHash: '',
    sale: 'open' as const,
    reloads: 1,
    repairs: 0,
    verifiedAtMs: 0,
  };
  const source: ProjectionSource = {
    whenReady: async () => true,
    project: () => projection,
    feed: () => undefined,
  };
  const kit = await startApiKit({ perApi: () => ({ reader: createProjectedSeats(source) }) });
  const { chartHash } = await kit.addEvent();
  projection.chartHash = chartHash;
  const read = async () => done(await kit.client().call('readSeats', { params }), 200);
  const first = await read();
  const tags = [first.headers.get('etag') ?? ''];
  assert.equal([...first.body], [0, 0, 0, 0, 0]);
  const changes = [
    { count: 'repairs', seat: 0, packed: [1, 0, 0, 0, 0] },
    { count: 'reloads', seat: 1, packed: [5, 0, 0, 0, 0] },
  ] as const;
  for (const { count, seat, packed } of changes) {
    map[seat] = SeatState.held;
    projection[count] += 1;
    const headers = { 'if-none-match': tags.join(', ') };
    const path = `/v1/events/${event}/seats`;
    assert.is((await kit.client().send('GET', path, { headers })).status, 200, count);
    const next = await read();
    assert.equal([...next.body], packed);
    assert.not(tags.includes(next.headers.get('etag') ?? ''), count);
    tags.push(next.headers.get('etag') ?? '');
  }
  await kit.stop();
});

test.run();
