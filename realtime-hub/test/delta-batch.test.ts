import type { FeedEntry } from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { DELTA_CHARS_MAX, decodeDelta } from '../src/emitter/delta.ts';
import { DeltaBatch } from '../src/emitter/delta-batch.ts';
import { EVENT } from './simulated-event.ts';

const test = suite('delta batch');

function entry(offset: number, changes = '1:-:x'): FeedEntry {
  const chain = (at: number): string => at.toString(16).padStart(16, '0');
  const line = `${offset}|block|blocked|${changes}|||test|test|||1700000000000`;
  return { offset, prev: chain(offset - 1), chain: chain(offset), line };
}

function batchBench() {
  const ambient = createManualAmbient();
  const sent: number[][] = [];
  const batch = new DeltaBatch(ambient, (message) => {
    assert.ok(message.length <= DELTA_CHARS_MAX);
    sent.push(decodeDelta(message)?.entries.map(({ offset }) => offset) ?? []);
  });
  return { ambient, sent, batch };
}

test('the first change after quiet is sent at once, what follows within 10 to 20 ms together', async () => {
  const { ambient, sent, batch } = batchBench();
  batch.add(EVENT, '1', [entry(1)]);
  batch.add(EVENT, '1', [entry(2)]);
  batch.add(EVENT, '1', [entry(3)]);
  assert.equal(sent, [[1]]);
  await ambient.advance(20);
  assert.equal(sent, [[1], [2, 3]]);
  await ambient.advance(20);
  batch.add(EVENT, '1', [entry(4)]);
  assert.equal(sent, [[1], [2, 3], [4]]);
  batch.flush();
  assert.is(ambient.armed(), 0);
});

test('a message speaks of one epoch, and a flush sends what waits', () => {
  const { ambient, sent, batch } = batchBench();
  batch.add(EVENT, '1', [entry(1)]);
  batch.add(EVENT, '1', [entry(2)]);
  batch.add(EVENT, '2', [entry(3)]);
  assert.equal(sent, [[1], [2]]);
  batch.flush();
  assert.equal(sent, [[1], [2], [3]]);
  assert.is(ambient.armed(), 0);
});

test('what is too long for one message goes out in several, each readable', () => {
  const { sent, batch } = batchBench();
  const changes = Array.from({ length: 2_000 }, (_, seat) => `${seat}:-:x`).join(',');
  const entries = Array.from({ length: 100 }, (_, at) => entry(at + 1, changes));
  batch.add(EVENT, '1', entries);
  assert.ok(sent.length > 1);
  assert.equal(
    sent.flat(),
    entries.map(({ offset }) => offset),
  );
  batch.flush();
});

test.run();
