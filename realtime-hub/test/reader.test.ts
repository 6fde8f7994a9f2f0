import { createManualAmbient, type ManualAmbient, suite } from '@holdfast/infra/testing';
import { createReader, type Reader } from '@holdfast/realtime-hub/projection';
import * as assert from 'uvu/assert';
import { deltaEntry, encodeDelta } from '../src/emitter/delta.ts';
import { EVENT, openSimulatedEvent, type SimulatedEvent } from './simulated-event.ts';

const test = suite('reader');

type Bench = { ambient: ManualAmbient; event: SimulatedEvent; reader: Reader; heard: string[] };

async function projecting(): Promise<Bench> {
  const ambient = createManualAmbient();
  const event = await openSimulatedEvent(ambient);
  const heard: string[] = [];
  const reader = createReader({
    store: event.store,
    ambient,
    listener: {
      reloaded: () => heard.push('reloaded'),
      applied: (_, entry) => heard.push(`applied ${entry.offset}`),
      saleChanged: ({ sale }) => heard.push(`sale ${sale}`),
    },
    onLoading: (id) => heard.push(`loading ${id}`),
  });
  reader.project(EVENT);
  await ambient.settle();
  return { ambient, event, reader, heard };
}

async function flipped(event: SimulatedEvent, seat: number): Promise<string> {
  const { epoch, entries } = await event.flip(seat);
  return encodeDelta({ event: EVENT, epoch, entries: entries.map(deltaEntry) });
}

test('row 33, I4: a delta applies iff its previous chain is mine; early ones wait until the chain closes', async () => {
  const { event, reader, heard } = await projecting();
  const [first, second, third] = [
    await flipped(event, 1),
    await flipped(event, 2),
    await flipped(event, 1),
  ];
  reader.offer(third);
  reader.offer(second);
  assert.equal(heard, ['reloaded']);
  reader.offer(first);
  reader.offer(first);
  assert.equal(heard, ['reloaded', 'applied 1', 'applied 2', 'applied 3']);
  assert.equal(reader.find(EVENT)?.map, await event.truth());
  assert.is(reader.counters.pulls, 0);
  reader.stop();
});

test('row 33, I4: a hole older than one tick is pulled from the feed, once', async () => {
  const { ambient, event, reader } = await projecting();
  await flipped(event, 1);
  for (const seat of [2, 3, 4, 5]) reader.offer(await flipped(event, seat));
  await ambient.advance(49);
  assert.is(reader.counters.pulls, 0);
  await ambient.advance(1);
  assert.equal([reader.counters.pulls, reader.counters.pulled], [1, 5]);
  assert.equal(reader.find(EVENT)?.map, await event.truth());
  reader.stop();
});

test('row 33, I4: a lost last delta is found by the heads within a second', async () => {
  const { ambient, event, reader } = await projecting();
  await flipped(event, 7);
  await ambient.advance(1_000);
  assert.equal(reader.find(EVENT)?.map, await event.truth());
  const verifiedAtMs = reader.find(EVENT)?.verifiedAtMs ?? 0;
  assert.ok(ambient.clock.monotonicMs() - verifiedAtMs <= 1_000);
  reader.stop();
});

test('a store that went back gets a new epoch, and every seat counts as touched at the loaded offset', async () => {
  const { ambient, event, reader } = await projecting();
  reader.offer(await flipped(event, 1));
  event.remember();
  reader.offer(await flipped(event, 2));
  const before = reader.find(EVENT)?.position.epoch ?? '';
  event.goBack();
  await ambient.advance(1_100);
  const projection = reader.find(EVENT);
  assert.not.equal(projection?.position.epoch, before);
  assert.equal(projection?.map, await event.truth());
  assert.ok(projection?.touched.every((offset) => offset === projection.position.offset));
  assert.equal([reader.counters.renewals, reader.counters.reloads], [1, 2]);
  reader.stop();
});

test('a store that went back to before an epoch that was seen gets one that was never used', async () => {
  const { ambient, event, reader } = await projecting();
  event.remember();
  reader.offer(await flipped(event, 1));
  const first = reader.find(EVENT)?.position.epoch ?? '';
  await event.store.newEpoch(EVENT, { seenEpoch: first });
  await ambient.advance(1_100);
  const second = reader.find(EVENT)?.position.epoch ?? '';
  assert.not.equal(second, first);
  event.goBack();
  await ambient.advance(2_000);
  const { epoch = '' } = reader.find(EVENT)?.position ?? {};
  assert.not.ok([first, second].includes(epoch), `${epoch} was used before`);
  assert.is(event.store.state(EVENT).epoch, epoch);
  assert.is(reader.counters.renewals, 1);
  assert.equal(reader.find(EVENT)?.map, await event.truth());
  reader.stop();
});

test('a change of the sale is told once: by the next head, or by the reload that brought it', async () => {
  const { ambient, event, reader, heard } = await projecting();
  await event.store.sale(EVENT, { next: 'paused', version: 2 });
  await ambient.advance(2_000);
  assert.equal(heard, ['reloaded', 'sale paused']);
  await event.store.sale(EVENT, { next: 'open', version: 3 });
  // The first delta is lost and the feed trimmed: the hole is asked for before the next head is.
  await flipped(event, 1);
  for (const seat of [2, 3]) reader.offer(await flipped(event, seat));
  const { epoch } = event.store.state(EVENT);
  await event.store.trimFeed(EVENT, { beforeOffset: 3, epoch });
  await ambient.advance(60);
  assert.equal(heard.slice(2), ['reloaded', 'sale open']);
  await ambient.advance(2_000);
  assert.is(heard.filter((word) => word === 'sale open').length, 1);
  reader.stop();
});

test('a trimmed feed leads to a snapshot', async () => {
  const { ambient, event, reader } = await projecting();
  for (const seat of [1, 2, 3]) await flipped(event, seat);
  const { epoch } = event.store.state(EVENT);
  await event.store.trimFeed(EVENT, { beforeOffset: 3, epoch });
  await ambient.advance(1_100);
  assert.equal(reader.find(EVENT)?.map, await event.truth());
  assert.is(reader.counters.reloads, 2);
  reader.stop();
});

test('a wrong seat that no entry explains is repaired by the comparison, and counted', async () => {
  const { ambient, event, reader } = await projecting();
  const projection = reader.find(EVENT);
  if (projection === undefined) throw new Error('no projection');
  projection.map[5] = 2;
  await ambient.advance(40_000);
  assert.equal(projection.map, await event.truth());
  assert.equal([reader.counters.repairs, projection.repairs], [1, 1]);
  reader.stop();
});

test('an event without open state is asked for again, reported each time, and ready once it opens', async () => {
  const ambient = createManualAmbient();
  const event = await openSimulatedEvent(ambient);
  const open = structuredClone(event.store.state(EVENT));
  event.store.state(EVENT).loading = { token: 'other', atMs: 0 };
  const loading: string[] = [];
  const reader = createReader({
    store: event.store,
    ambient,
    onLoading: (id) => loading.push(id),
  });
  const ready = reader.whenReady(EVENT, 5_000);
  await ambient.advance(3_000);
  assert.ok(loading.length >= 3 && loading.length < 20, `${loading.length} reports`);
  Object.assign(event.store.state(EVENT), open);
  await ambient.advance(1_500);
  assert.is(await ready, true);
  reader.stop();
  assert.is(ambient.armed(), 0);
});

test('a store that fails is asked again, and the projection becomes true', async () => {
  const { ambient, event, reader } = await projecting();
  const { catchUp } = event.store;
  let failures = 0;
  event.store.catchUp = () => {
    failures += 1;
    return Promise.reject(new Error('away'));
  };
  await flipped(event, 9);
  await ambient.advance(2_500);
  assert.ok(failures >= 2 && reader.counters.failures === failures);
  event.store.catchUp = catchUp;
  await ambient.advance(1_100);
  assert.equal(reader.find(EVENT)?.map, await event.truth());
  reader.stop();
});

test.run();
