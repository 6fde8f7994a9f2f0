import { createManualAmbient, suite, testSeed } from '@holdfast/infra/testing';
import { createReader } from '@holdfast/realtime-hub/projection';
import * as assert from 'uvu/assert';
import { EVENT, openSimulatedEvent, type SimulatedEvent } from './simulated-event.ts';

const test = suite('comparison with a whole snapshot');

const PERIOD_MS = 30_000;
/** A quarter of the period to each side; whether one is due is looked at once a second. */
const LEAST_MS = PERIOD_MS * 0.75;
const MOST_MS = PERIOD_MS * 1.25 + 1_000;

type Snapshot = SimulatedEvent['store']['snapshot'];

/** A reader whose snapshots a test may answer in its own way; the event itself is left alone. */
async function comparing(seed: number) {
  const ambient = createManualAmbient({ seed });
  const event = await openSimulatedEvent(ambient);
  const takenAtMs: number[] = [];
  const answering: { snapshot: Snapshot } = { snapshot: event.store.snapshot };
  const snapshot: Snapshot = (id) => {
    takenAtMs.push(ambient.clock.monotonicMs());
    return answering.snapshot(id);
  };
  const reader = createReader({ store: { ...event.store, snapshot }, ambient });
  const projection = reader.project(EVENT);
  await ambient.settle();
  /** Something happens between the store's answer and its arrival. */
  const overtake = (happens: () => Promise<void>): void => {
    answering.snapshot = async (id) => {
      const reply = await event.store.snapshot(id);
      await happens();
      return reply;
    };
  };
  const flipAndTell = async (seat: number): Promise<void> => {
    const { epoch, entries } = await event.flip(seat);
    reader.feed(EVENT, epoch, entries);
  };
  return { ambient, event, answering, takenAtMs, reader, projection, overtake, flipAndTell };
}

test('comparisons come every 30 s within a jitter of a quarter, each at an instant of its own', async () => {
  const seed = testSeed('comparison');
  const gaps: number[] = [];
  for (let process = 0; process < 20; process += 1) {
    const { ambient, takenAtMs, reader } = await comparing(seed + process);
    await ambient.advance(3 * MOST_MS);
    for (let at = 1; at < takenAtMs.length; at += 1) {
      gaps.push((takenAtMs[at] ?? 0) - (takenAtMs[at - 1] ?? 0));
    }
    assert.is(reader.counters.compared, takenAtMs.length - 1);
    assert.is(reader.counters.repairs, 0);
    reader.stop();
  }
  const outside = gaps.filter((gapMs) => gapMs < LEAST_MS || gapMs > MOST_MS);
  assert.equal(outside, [], `seed ${seed}`);
  assert.ok(gaps.length >= 60, `${gaps.length} comparisons`);
  assert.ok(new Set(gaps).size > 5, `processes compare in step, seed ${seed}: ${gaps}`);
});

test('a delta that arrives while the snapshot is under way is no repair, and is not undone', async () => {
  const { ambient, event, reader, projection, overtake, flipAndTell } = await comparing(1);
  let overtaken = 0;
  overtake(async () => {
    await flipAndTell(5);
    overtaken += 1;
  });
  await ambient.advance(2 * MOST_MS);
  assert.ok(overtaken >= 2);
  assert.is(reader.counters.compared, overtaken);
  assert.equal([reader.counters.repairs, projection.repairs], [0, 0]);
  assert.equal(projection.map, await event.truth());
  reader.stop();
});

test('a wrong seat is repaired even while deltas of other seats arrive', async () => {
  const { ambient, event, reader, projection, overtake, flipAndTell } = await comparing(1);
  projection.map[7] = 2;
  overtake(() => flipAndTell(5));
  await ambient.advance(MOST_MS);
  assert.is(reader.counters.repairs, 1);
  assert.equal(projection.map, await event.truth());
  reader.stop();
});

test('a snapshot ahead of the projection first pulls what is missing, and that is no repair', async () => {
  const { ambient, event, answering, reader, projection } = await comparing(1);
  answering.snapshot = async (id) => {
    await event.flip(9);
    return await event.store.snapshot(id);
  };
  await ambient.advance(MOST_MS);
  assert.ok(reader.counters.compared >= 1 && reader.counters.pulled >= 1);
  assert.is(reader.counters.repairs, 0);
  assert.equal(projection.map, await event.truth());
  reader.stop();
});

test('a snapshot of a store that went back and another way is no repair: the map is loaded anew', async () => {
  const { ambient, event, answering, reader, projection, flipAndTell } = await comparing(1);
  await flipAndTell(1);
  event.remember();
  for (const seat of [2, 3, 4]) await flipAndTell(seat);
  answering.snapshot = async (id) => {
    answering.snapshot = event.store.snapshot;
    event.goBack();
    await event.flip(8);
    return await event.store.snapshot(id);
  };
  await ambient.advance(MOST_MS);
  assert.equal([reader.counters.repairs, reader.counters.renewals], [0, 1]);
  assert.equal(projection.map, await event.truth());
  reader.stop();
});

test.run();
