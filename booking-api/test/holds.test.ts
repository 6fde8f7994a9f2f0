import { decodeFeedRecord, eventId, GENESIS_CHAIN } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type ApiKit, startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

const test = suite<{ kit: ApiKit; chartHash: string }>('holds over HTTP');

test.before(async (context) => {
  context.kit = await startApiKit();
  const { chartHash } = await context.kit.addEvent();
  context.chartHash = chartHash;
});
test.after(({ kit }) => kit.stop());

const event = 'evening-show';

test('POST holds: 201 with labels, price, deadline and position; ETag is the rev', async ({
  kit,
  chartHash,
}) => {
  const client = kit.client(await kit.token('shopper', 'first-shopper'));
  const placed = done(
    await client.call('placeHold', {
      params: { event },
      body: { seats: ['B-1-1', 'A-1-1'], chartHash },
    }),
    201,
  );
  const { body, headers } = placed;
  assert.equal(body.seats, ['A-1-1', 'B-1-1']);
  assert.is(body.status, 'held');
  assert.equal(body.quote, {
    currency: 'GBP',
    total: 6_500,
    seats: [
      { label: 'A-1-1', amount: 4_500 },
      { label: 'B-1-1', amount: 2_000 },
    ],
  });
  assert.is(Date.parse(body.deadline) - Date.parse(body.at), body.remainingMs);
  assert.is(headers.get('etag'), '"1"');
  assert.is(headers.get('location'), `/v1/events/${event}/holds/${body.id}`);
  const mine = done(await client.call('listHolds', { params: { event } }), 200);
  assert.equal(
    mine.body.holds.map(({ id }) => id),
    [body.id],
  );
});

test('a second basket is refused with the first one attached', async ({ kit, chartHash }) => {
  const client = kit.client(await kit.token('shopper', 'first-shopper'));
  const problem = refused(
    await client.call('placeHold', { params: { event }, body: { seats: ['A-2-1'], chartHash } }),
    'hold.exists',
  );
  assert.equal(problem.hold?.seats, ['A-1-1', 'B-1-1']);
});

test('security 11: taken seats are refused with their labels and states; nothing of the holder is told', async ({
  kit,
  chartHash,
}) => {
  const client = kit.client(await kit.token('shopper', 'second-shopper'));
  const problem = refused(
    await client.call('placeHold', {
      params: { event },
      body: { seats: ['A-1-1', 'A-2-1'], chartHash },
    }),
    'seats.unavailable',
  );
  assert.equal(problem.seats, [{ label: 'A-1-1', state: 'held', mine: false }]);
  assert.not.match(JSON.stringify(problem), 'first-shopper');
});

test('request id and trace id travel from the tap into the feed record', async ({
  kit,
  chartHash,
}) => {
  const client = kit.client(await kit.token('shopper', 'traced-shopper'));
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const answer = await client.send('POST', `/v1/events/${event}/holds`, {
    body: { seats: ['B-1-6'], chartHash },
    headers: { 'x-request-id': 'tap-17', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  assert.is(answer.headers.get('x-request-id'), 'tap-17');
  const { position } = JSON.parse(answer.text);
  const query = { epoch: position.epoch, offset: 0, chain: GENESIS_CHAIN, limit: 100 };
  const feed = await kit.store.catchUp(eventId(event), query);
  if (feed.outcome !== 'entries') return assert.unreachable(feed.outcome);
  const last = feed.entries.find(({ offset }) => offset === position.offset);
  const record = decodeFeedRecord(last?.line ?? '');
  assert.is(record.requestId, 'tap-17');
  assert.is(record.traceId, traceId);
  assert.is(record.actor, 'shopper');
});

test.run();
