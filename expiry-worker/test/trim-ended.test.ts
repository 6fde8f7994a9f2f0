import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { ENDED_KEPT_MS, TRIM_BATCH_MAX, trimEnded } from '../src/trim-ended.ts';
import { createRig, GALA, numberedHold, place, type Rig, showOf } from './rig.ts';

const test = suite<Rig>('trimming ended holds');

test.beforeEach(async (given) => {
  Object.assign(given, await createRig());
  await given.catalogue.createEvent(showOf());
  await given.worker.run();
  await given.ambient.settle();
});

test.afterEach(async ({ worker, drop }) => {
  await worker.drain();
  await drop();
});

test('security 9: a hold, with its Idempotency-Key, is remembered for a day after its end, then forgotten, in bounded batches', async (given) => {
  const count = 2 * TRIM_BATCH_MAX + 1;
  for (let hold = 0; hold < count; hold += 1) {
    await place(given.store, hold, [hold]);
    const { owner } = given.store.state(GALA).holds.get(numberedHold(GALA, hold)) ?? {};
    if (owner === undefined) throw new Error('the hold was not placed');
    const trail = { actor: 'test', reason: '', requestId: '', traceId: '' } as const;
    await given.store.release(GALA, { holdId: numberedHold(GALA, hold), owner, rev: null, trail });
  }
  await given.worker.drain();
  await given.ambient.advance(ENDED_KEPT_MS - 1);
  assert.is(await trimEnded(given.store, GALA), 0);
  await given.ambient.advance(2);
  assert.is(await trimEnded(given.store, GALA), count);
  assert.is(given.store.state(GALA).holds.size, 0);
});

test.run();
