import { createModelHoldStore } from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

const test = suite('early refusal from the API’s own map');
const event = 'evening-show';
const params = { event };

async function kitThatCountsPlaces() {
  const store = createModelHoldStore({ nowMs: () => Date.now() });
  const { place } = store;
  const counted = { places: 0 };
  store.place = (id, command) => {
    counted.places += 1;
    return place(id, command);
  };
  return { kit: await startApiKit({ store }), counted };
}

test('I5: a seat known to be taken is refused with one read: the machine is not asked', async () => {
  const { kit, counted } = await kitThatCountsPlaces();
  const { chartHash } = await kit.addEvent();
  const body = { seats: ['A-1-1'], chartHash };
  const first = kit.client(await kit.token('shopper', 'first-shopper'));
  done(await first.call('placeHold', { params, body, idempotencyKey: 'tap-1' }), 201);
  const late = kit.client(await kit.token('shopper', 'late-shopper'));
  const result = await late.call('placeHold', { params, body, idempotencyKey: 'tap-2' });
  assert.equal(
    refused(result, 'seats.unavailable').seats?.map(({ label }) => label),
    ['A-1-1'],
  );
  assert.is(counted.places, 1);
  await kit.stop();
});

test('a used key and an owner with a basket are for the machine to answer, taken seats or not', async () => {
  const { kit, counted } = await kitThatCountsPlaces();
  const { chartHash } = await kit.addEvent();
  const body = { seats: ['A-1-1'], chartHash };
  const shopper = kit.client(await kit.token('shopper', 'first-shopper'));
  const sent = { params, body, idempotencyKey: 'tap-1' };
  const { id } = done(await shopper.call('placeHold', sent), 201).body;
  assert.is(done(await shopper.call('placeHold', sent), 201).body.id, id, 'the first answer again');
  const anew = await shopper.call('placeHold', { ...sent, idempotencyKey: 'tap-2' });
  assert.is(refused(anew, 'hold.exists').code, 'hold.exists');
  assert.is(counted.places, 3);
  await kit.stop();
});

test.run();
