import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createLoadEvent, type LoadLock } from '../src/load-event.ts';
import { CHART_HASH, createRig, GALA, LOGGER, openLock, type Rig, showOf } from './rig.ts';

const test = suite<Rig>('loading an event');
const deniedLock: LoadLock = { withLoad: async () => null };

test.beforeEach(async (given) => {
  Object.assign(given, await createRig());
});

test.afterEach(({ drop }) => drop());

function loader({ store, catalogue, ambient }: Rig, lock = openLock) {
  return createLoadEvent({ store, catalogue, lock, random: ambient.random, logger: LOGGER });
}

test('an event that the catalogue does not have is unknown, and asks for no lock', async (given) => {
  const noLock: LoadLock = { withLoad: () => Promise.reject(new Error('asked for the lock')) };
  assert.is(await loader(given, noLock)(GALA), 'unknown');
});

test('a load works with a lock that is never granted: the token decides', async (given) => {
  await given.catalogue.createEvent(showOf());
  const ends = await Promise.all([1, 2, 3].map(() => loader(given, deniedLock)(GALA)));
  assert.equal(ends.sort(), ['opened', 'taken', 'taken']);
  assert.is(await loader(given, deniedLock)(GALA), 'open');
});

test('a block outside the event is refused and the event stays closed', async (given) => {
  await given.catalogue.createEvent(showOf({ seatCount: 10 }));
  await given.catalogue.addBlocks({ event: GALA, chartHash: CHART_HASH }, [10]);
  assert.is(await loader(given)(GALA), 'refused');
  assert.is((await given.store.snapshot(GALA)).outcome, 'event.loading');
});

test.run();
