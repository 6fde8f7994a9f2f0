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

test('taken seats are refused with their labels and states; nothing of the holder is told', async ({
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

test.run();
