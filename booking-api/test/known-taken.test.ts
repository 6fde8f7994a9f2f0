import { createModelHoldStore, DEFAULT_POLICY, SeatState } from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { SeatReader, SeatView } from '../src/events/seat-reader.ts';
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

/** An API whose map, proof of its age, clock and machine are all the test's. */
async function kitWithKnownMap() {
  const machine = { nowMs: 1_900_000_000_000, places: 0 };
  const store = createModelHoldStore({ nowMs: () => machine.nowMs });
  const { place } = store;
  store.place = (id, command) => {
    machine.places += 1;
    return place(id, command);
  };
  const ambient = createManualAmbient();
  const known: { view: SeatView | null } = { view: null };
  const reader: SeatReader = {
    project: async () => known.view,
    peek: () => known.view,
    feed: () => undefined,
  };
  const kit = await startApiKit({ store, perApi: () => ({ reader, ambient }) });
  const { chartHash } = await kit.addEvent({ policy: { maxSeats: 2 } });
  const body = { seats: ['A-1-1'], chartHash };
  const first = kit.client(await kit.token('shopper', 'first-shopper'));
  const { position } = done(await first.call('placeHold', { params, body }), 201).body;
  const map = new Uint8Array(16);
  map[0] = SeatState.held;
  const verifiedAtMs = ambient.clock.monotonicMs();
  const fresh: SeatView = { map, position, chartHash, sale: 'open', reloads: 0, verifiedAtMs };
  known.view = fresh;
  machine.places = 0;
  const late = kit.client(await kit.token('shopper', 'late-shopper'));
  return { kit, machine, ambient, known, fresh, body, late };
}

test('a map proved within the last second refuses alone; one proved earlier leaves it to the machine', async () => {
  const { kit, machine, ambient, body, late } = await kitWithKnownMap();
  await ambient.advance(1_000);
  refused(await late.call('placeHold', { params, body }), 'seats.unavailable');
  assert.is(machine.places, 0, 'refused from the map');
  await ambient.advance(1);
  refused(await late.call('placeHold', { params, body }), 'seats.unavailable');
  assert.is(machine.places, 1, 'the machine was asked');
  await kit.stop();
});

test('a map of a sale that is not open, of another chart or of free seats leaves it to the machine', async () => {
  const { kit, machine, known, fresh, body, late } = await kitWithKnownMap();
  const views: (SeatView | null)[] = [
    { ...fresh, sale: 'paused' },
    { ...fresh, sale: 'closed' },
    { ...fresh, chartHash: '0'.repeat(32) },
    { ...fresh, map: new Uint8Array(16) },
    null,
  ];
  for (const [asked, view] of views.entries()) {
    known.view = view;
    refused(await late.call('placeHold', { params, body }), 'seats.unavailable');
    assert.is(machine.places, asked + 1, JSON.stringify(view));
  }
  known.view = fresh;
  const many = { ...body, seats: ['A-1-1', 'A-1-2', 'A-1-3'] };
  refused(await late.call('placeHold', { params, body: many }), 'seats.too-many');
  assert.is(machine.places, views.length + 1, 'limits are for the machine to answer');
  await kit.stop();
});

test('a taken seat whose hold is overdue is not refused: the machine ends that hold and gives the seat', async () => {
  const { kit, machine, ambient, known, fresh, body, late } = await kitWithKnownMap();
  machine.nowMs += DEFAULT_POLICY.holdTtlMs;
  await ambient.advance(DEFAULT_POLICY.holdTtlMs);
  known.view = { ...fresh, verifiedAtMs: ambient.clock.monotonicMs() };
  done(await late.call('placeHold', { params, body }), 201);
  assert.is(machine.places, 2, 'once before the overdue hold was ended and once after');
  assert.equal(
    kit.news.notices.map(({ owner, notice }) => [owner, notice.kind]),
    [['first-shopper', 'hold.expired']],
  );
  await kit.stop();
});

test.run();
