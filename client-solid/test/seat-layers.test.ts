import { SeatState } from '@holdfast/db/model';
import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createSeatLayers, OwnMark, SeatLook } from '../src/map/seat-layers.ts';

const test = suite('seat layers');

function fresh(seatCount: number) {
  const layers = createSeatLayers(seatCount);
  layers.takeDirty();
  return layers;
}

test('only seats that look different become dirty, each once', () => {
  const layers = fresh(10);
  const map = new Uint8Array(10);
  layers.publish(map, [1, 2, 3]);
  assert.equal(layers.takeDirty(), []);
  map[2] = SeatState.held;
  layers.publish(map, [1, 2, 2, 3]);
  map[2] = SeatState.booked;
  layers.publish(map, [2]);
  assert.equal(layers.takeDirty(), [2]);
  assert.equal(layers.takeDirty(), []);
});

test('a whole map makes everything dirty, and so do more changes than are worth counting', () => {
  const layers = fresh(6_000);
  layers.publish(new Uint8Array(6_000), 'all');
  assert.is(layers.takeDirty(), 'all');
  layers.publish(new Uint8Array(6_000).fill(SeatState.held), new Uint32Array(6_000).keys());
  assert.is(layers.takeDirty(), 'all');
  assert.equal(layers.takeDirty(), []);
});

test('a refused wish leaves the published state and the basket as they were', () => {
  const layers = fresh(5);
  layers.publish(new Uint8Array([0, 1, 1, 0, 0]), 'all');
  layers.mark(OwnMark.mine, [1]);
  layers.mark(OwnMark.adding, [3]);
  layers.mark(OwnMark.dropping, [1]);
  const looks = () => [0, 1, 2, 3, 4].map(layers.lookOf);
  const { available, held, adding, dropping, mine } = SeatLook;
  assert.equal(looks(), [available, dropping, held, adding, available]);
  layers.mark(OwnMark.adding, []);
  layers.mark(OwnMark.dropping, []);
  assert.equal(looks(), [available, mine, held, available, available]);
  assert.equal([...layers.published], [0, 1, 1, 0, 0]);
});

test('seats that the chart does not have are left alone', () => {
  const layers = fresh(3);
  layers.mark(OwnMark.mine, [-1, 3, 99]);
  assert.equal(layers.takeDirty(), []);
});

test('after any changes, the dirty seats are those whose look differs from the last painted one', () => {
  const fraction = seededFraction(testSeed('dirty'));
  const size = 60;
  const layers = fresh(size);
  const painted = Array.from({ length: size }, (_, seat) => layers.lookOf(seat));
  for (let round = 0; round < 400; round += 1) {
    const map = layers.published.map((state) =>
      fraction() < 0.1 ? Math.floor(fraction() * 4) : state,
    );
    layers.publish(map, map.keys());
    for (const kind of Object.values(OwnMark)) {
      if (fraction() < 0.5) layers.mark(kind, [Math.floor(fraction() * size)]);
    }
    const dirty = layers.takeDirty();
    for (const seat of dirty === 'all' ? map.keys() : dirty) painted[seat] = layers.lookOf(seat);
    for (const [seat, look] of painted.entries()) assert.is(look, layers.lookOf(seat));
  }
});

test.run();
