import {
  createModelHoldStore,
  DEFAULT_POLICY,
  type EventId,
  eventId,
  type HoldStore,
} from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { PEEK_PERIOD_MS, SWEEP_GAP_MS, WATCHED_MS } from '../src/due-timers.ts';
import { UPKEEP_PERIOD_MS } from '../src/upkeep.ts';
import {
  CHART_HASH,
  createRig,
  endsByHold,
  GALA,
  numberedHold,
  place,
  type Rig,
  showOf,
} from './rig.ts';

const test = suite<Rig>('expiry worker');
const TTL_MS = DEFAULT_POLICY.holdTtlMs;

test.beforeEach(async (given) => {
  Object.assign(given, await createRig());
  await given.catalogue.createEvent(showOf());
});

test.afterEach(async ({ worker, ambient, drop }) => {
  await worker.drain();
  await worker.stop();
  assert.is(ambient.armed(), 0, 'a stopped worker leaves no timer');
  await drop();
});

/** Runs the worker until the event is open. */
async function opened({ worker, ambient }: Pick<Rig, 'worker' | 'ambient'>): Promise<void> {
  await worker.run();
  await ambient.settle();
}

test('an event of the catalogue is loaded with its blocks as soon as the worker runs', async (given) => {
  await given.catalogue.addBlocks(
    { event: GALA, chartHash: CHART_HASH },
    Array.from({ length: 2_100 }, (_, seat) => seat),
  );
  await opened(given);
  const snapshot = await given.store.snapshot(GALA);
  assert.is(snapshot.outcome, 'taken');
  if (snapshot.outcome !== 'taken') return;
  assert.is(snapshot.map.filter((state) => state === 3).length, 2_100);
  assert.ok(given.hinted.has(GALA));
  assert.ok(given.worker.isReady());
});

test('a hold ends at its deadline and not a millisecond before (I6)', async (given) => {
  await opened(given);
  await place(given.store, 1, [7, 8]);
  await given.ambient.advance(TTL_MS - 1);
  assert.is(given.announced.entries.length, 0);
  await given.ambient.advance(1 + SWEEP_GAP_MS);
  assert.equal([...endsByHold(given.announced.entries)], [[numberedHold(GALA, 1), 1]]);
  assert.match(await given.registry.metrics(), /expiry_lag_seconds_bucket{le="0.01"} 1/);
  const { owner, kind, hold } = given.announced.notices[0] ?? {};
  assert.equal(
    { owner, kind, hold },
    {
      owner: 'shopper-1',
      kind: 'hold.expired',
      hold: numberedHold(GALA, 1),
    },
  );
});

test('row 16, I3: holds due in one millisecond end in bounded batches, each once', async (given) => {
  await opened(given);
  for (let hold = 0; hold < 250; hold += 1) await place(given.store, hold, [hold]);
  await given.ambient.advance(TTL_MS + SWEEP_GAP_MS);
  const ends = endsByHold(given.announced.entries);
  assert.is(ends.size, 250);
  assert.ok([...ends.values()].every((count) => count === 1));
});

test('row 15, I6: deadlines that lie between two looks are each met in time', async (given) => {
  await opened(given);
  for (const hold of [1, 2, 3]) {
    await place(given.store, hold, [hold]);
    await given.ambient.advance(100);
  }
  await given.ambient.advance(TTL_MS - 300);
  for (const hold of [1, 2, 3]) {
    await given.ambient.advance(SWEEP_GAP_MS);
    assert.is(endsByHold(given.announced.entries).size, hold);
    await given.ambient.advance(100 - SWEEP_GAP_MS);
  }
});

test('row 16, I3: three workers end each hold once', async (given) => {
  const others = [given.another(), given.another()];
  await Promise.all([given.worker, ...others].map((worker) => worker.run()));
  await given.ambient.settle();
  for (let hold = 0; hold < 150; hold += 1) await place(given.store, hold, [hold]);
  await given.ambient.advance(TTL_MS + 1_000);
  const ends = endsByHold(given.store.state(GALA).feed);
  assert.is(ends.size, 150);
  assert.ok([...ends.values()].every((count) => count === 1));
  assert.equal(endsByHold(given.announced.entries), ends);
  for (const worker of others) await worker.drain();
});

for (const jumpMs of [61_000, -661_000]) {
  test(`row 32, I6: a clock that jumps ${jumpMs} ms is rebased and nothing ends early or late`, async (given) => {
    await opened(given);
    await place(given.store, 1, [0]);
    await given.ambient.advance(60_000);
    given.jumpClock(jumpMs);
    await given.ambient.advance(TTL_MS - 60_001);
    assert.is(given.announced.entries.length, 0);
    assert.is(given.store.state(GALA).shiftMs, -jumpMs);
    await given.ambient.advance(1 + SWEEP_GAP_MS);
    assert.is(given.announced.entries.length, 1);
    const text = await given.registry.metrics();
    assert.match(text, /holdfast_worker_clock_jumps_total 1$/m);
  });
}

test('a worker that missed a load does not take the clock of the next life for a jump (I6)', async (given) => {
  const other = given.another();
  await opened(given);
  await other.run();
  given.jumpClock(-661_000);
  await given.ambient.advance(2_000);
  // Redis comes back with nothing, and the first worker that looks loads the event again.
  Object.assign(given.store.state(GALA), createModelHoldStore({ nowMs: () => 0 }).state(GALA));
  const { policy, chartHash, seatCount, sale, version } = showOf();
  const source = { policy, chartHash, seatCount, sale, version };
  await given.store.loadBegin(GALA, { token: 'elsewhere', ...source });
  await given.store.loadEnd(GALA, { token: 'elsewhere' });
  await place(given.store, 1, [0]);
  await given.ambient.advance(TTL_MS - 1);
  assert.is(given.announced.entries.length, 0, 'the hold lasts as long as its owner was told');
  assert.is(given.store.state(GALA).shiftMs, 0);
  await given.ambient.advance(1 + SWEEP_GAP_MS);
  assert.is(given.announced.entries.length, 1);
  await other.drain();
});

test('a worker that starts just after a jump ends nothing by it before one that saw the jump has set it right (I6)', async (given) => {
  await opened(given);
  await place(given.store, 1, [7, 8]);
  await given.ambient.advance(TTL_MS - 10_000);
  given.jumpClock(15_000);
  const other = given.another();
  await other.run();
  await given.ambient.advance(10_000 - 1);
  const early = given.announced.entries.length;
  await given.ambient.advance(1 + 2 * PEEK_PERIOD_MS);
  await other.drain();
  assert.is(early, 0);
  assert.equal([...endsByHold(given.announced.entries)], [[numberedHold(GALA, 1), 1]]);
});

test('a worker that is alone ends what was overdue when it came, two looks later', async (given) => {
  await opened(given);
  await place(given.store, 1, [7, 8]);
  await given.worker.drain();
  await given.ambient.advance(TTL_MS);
  const other = given.another();
  await other.run();
  await given.ambient.advance(WATCHED_MS - 1);
  const early = given.announced.entries.length;
  await given.ambient.advance(1 + SWEEP_GAP_MS);
  await other.drain();
  assert.is(early, 0);
  assert.is(given.announced.entries.length, 1);
});

test('a clock that is slewed slowly is followed without an alarm', async (given) => {
  await opened(given);
  for (let second = 0; second < 600; second += 1) {
    given.jumpClock(10);
    await given.ambient.advance(1_000);
  }
  assert.is(given.store.state(GALA).shiftMs, 0);
});

test('a load that broke off in the middle is taken over', async (given) => {
  const { policy, chartHash, seatCount, sale, version } = showOf();
  const source = { policy, chartHash, seatCount, sale, version };
  await given.store.loadBegin(GALA, { token: 'crashed', ...source });
  await given.store.loadPart(GALA, { token: 'crashed', seats: [{ seat: 3, holder: 'x' }] });
  await opened(given);
  await given.ambient.advance(29_000);
  assert.is((await given.store.snapshot(GALA)).outcome, 'event.loading');
  await given.ambient.advance(2_000);
  const snapshot = await given.store.snapshot(GALA);
  assert.is(snapshot.outcome, 'taken');
  if (snapshot.outcome === 'taken') assert.is(snapshot.map[3], 0);
  assert.is((await given.store.loadEnd(GALA, { token: 'crashed' })).outcome, 'event.open');
});

test('an event that was hinted at is loaded within a second, one that nobody knows is not', async (given) => {
  await opened(given);
  const late = eventId('late');
  await given.catalogue.createEvent(showOf({ id: late }));
  given.hinted.add(late);
  given.hinted.add(eventId('nobody-knows'));
  await given.ambient.advance(1_000);
  assert.is((await given.store.snapshot(late)).outcome, 'taken');
  await given.ambient.advance(10_000);
  const text = await given.registry.metrics();
  assert.match(text, /holdfast_worker_loads_total{end="unknown"} 1$/m);
});

test('an event that nobody hinted at is found in the catalogue by the next upkeep', async (given) => {
  await opened(given);
  const quiet = eventId('quiet');
  await given.catalogue.createEvent(showOf({ id: quiet }));
  await given.ambient.advance(UPKEEP_PERIOD_MS * 1.25 + 1_000);
  assert.is((await given.store.snapshot(quiet)).outcome, 'taken');
});

test('Redis follows the sale state of the catalogue, by legal steps', async (given) => {
  const draft = eventId('draft');
  await given.catalogue.createEvent(showOf({ id: draft, sale: 'draft' }));
  await opened(given);
  await given.catalogue.updateEvent(showOf({ id: draft, sale: 'paused', version: 2 }), 1);
  await given.ambient.advance(UPKEEP_PERIOD_MS * 1.25);
  const [head] = await given.store.heads([draft]);
  assert.is(head?.sale, 'paused');
  assert.is(head?.version, 2);
});

test('a draft whose chart was replaced is loaded anew', async (given) => {
  const draft = eventId('draft');
  await given.catalogue.createEvent(showOf({ id: draft, sale: 'draft' }));
  await opened(given);
  const chartHash = 'a'.repeat(32);
  const changed = showOf({ id: draft, sale: 'draft', version: 2, chartHash, seatCount: 12 });
  await given.catalogue.updateEvent(changed, 1);
  await given.ambient.advance(UPKEEP_PERIOD_MS * 1.25);
  const [head] = await given.store.heads([draft]);
  assert.equal([head?.chartHash, head?.seatCount], [chartHash, 12]);
});

test('confirming holds are looked at and never expired', async (given) => {
  await opened(given);
  const placed = await place(given.store, 1, [0]);
  if (placed.outcome !== 'placed') throw new Error(placed.outcome);
  const { holdId } = placed;
  await given.store.beginConfirm(GALA, { holdId, owner: placed.hold.owner, rev: 1 });
  await given.ambient.advance(TTL_MS * 2);
  assert.is(given.announced.entries.length, 0);
  const text = await given.registry.metrics();
  assert.match(text, /holdfast_worker_looks_total [1-9]/);
});

test('draining finishes the sweep in hand, and nothing expires by a drained worker', async (given) => {
  await opened(given);
  await place(given.store, 1, [0]);
  await given.worker.drain();
  await given.ambient.advance(TTL_MS * 2);
  assert.is(given.announced.entries.length, 0);
  assert.not(given.worker.isReady());
});

test('a store that fails or hangs is asked again, and the worker says it is not ready', async () => {
  const rig = await createRig();
  const away = new Set<EventId>();
  const store: HoldStore = {
    ...rig.store,
    nextDue: (events) =>
      events.some((event) => away.has(event))
        ? new Promise(() => undefined)
        : rig.store.nextDue(events),
  };
  const sick = await createRig({ store });
  await sick.catalogue.createEvent(showOf());
  await opened(sick);
  away.add(GALA);
  await sick.ambient.advance(20_000);
  assert.not(sick.worker.isReady());
  away.clear();
  await sick.ambient.advance(20_000);
  assert.ok(sick.worker.isReady());
  await sick.worker.drain();
  assert.is(sick.ambient.armed(), 0);
  await Promise.all([sick.drop(), rig.drop()]);
});

test.run();
