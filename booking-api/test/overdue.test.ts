import { createModelHoldStore, eventId } from '@holdfast/db/model';
import { realAmbient } from '@holdfast/infra/runtime';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { rememberTokens } from '../src/edge/remembered-tokens.ts';
import { DOUBT_MS, STEADY_MS } from '../src/events/steady-clocks.ts';
import { startApiKit } from './api-kit.ts';
import { done, refused } from './checked-client.ts';

const test = suite('what passes with time');
const event = 'evening-show';
const EVENT = eventId(event);
const params = { event };

/** A world in which time passes for API and Redis alike, and the clock of Redis can be set beside that. */
async function openWorld() {
  const real = realAmbient();
  let passedMs = 0;
  let jumpedMs = 0;
  const here = (): number => Math.floor(real.clock.monotonicMs()) + passedMs;
  const clock = { wallMs: () => Date.now() + passedMs, monotonicMs: here };
  const model = createModelHoldStore({ nowMs: () => 1_900_000_000_000 + here() + jumpedMs });
  let stillMs = 0;
  const store = {
    ...model,
    place: (...given: Parameters<typeof model.place>) => {
      passedMs += stillMs;
      stillMs = 0;
      return model.place(...given);
    },
  };
  const kit = await startApiKit({
    ...{ store, apis: 2 },
    perApi: () => ({ ambient: { ...real, clock } }),
  });
  const { chartHash } = await kit.addEvent();
  const shopper = async (subject: string, at = 0) =>
    kit.client(await kit.token('shopper', subject), at);
  type Client = Awaited<ReturnType<typeof shopper>>;
  const ask = (client: Client, seat = 'A-1-1', idempotencyKey?: string) =>
    client.call('placeHold', {
      ...{ params, body: { seats: [seat], chartHash } },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  const slow = await shopper('slow-shopper');
  const slowHold = done(await ask(slow, 'A-1-1', 'slow'), 201).body;
  const { id } = slowHold;
  const statusOfSlow = async (): Promise<string> =>
    done(await slow.call('readHold', { params: { event, hold: id } }), 200).body.status;
  return {
    ...{ kit, store, shopper, ask, slow, slowHold, statusOfSlow },
    standStillOnce: (ms: number) => {
      stillMs = ms;
    },
    pass: (ms: number) => {
      passedMs += ms;
    },
    jump: (ms: number) => {
      jumpedMs += ms;
    },
  };
}

test("I6: the clock of Redis jumps 300 s ahead: the next shopper gets 409 with Retry-After 1, the first one's hold lives on", async () => {
  const world = await openWorld();
  world.pass(STEADY_MS);
  world.jump(300_000);
  const quick = await world.shopper('quick-shopper');
  for (let time = 0; time < 3; time += 1) {
    const result = await world.ask(quick);
    assert.is(refused(result, 'seats.unavailable').retryAfterMs, 1_000);
    assert.is(result.kind === 'refused' && result.headers.get('retry-after'), '1');
    world.pass(1_000);
  }
  const { shiftMs } = world.store.state(EVENT);
  await world.store.rebase(EVENT, { seenShiftMs: shiftMs, jumpMs: 300_000 });
  assert.is(await world.statusOfSlow(), 'held');
  refused(await world.ask(quick), 'seats.unavailable');
  assert.equal(world.kit.news.notices, []);
  await world.kit.stop();
});

for (const jumpMs of [61_000, -661_000]) {
  test(`row 32, I5, I6: right after a jump of ${jumpMs / 1_000} s a hold is neither placed nor extended, but replayed and looked at: 503 with Retry-After 1 until it is settled`, async () => {
    const world = await openWorld();
    const { id, deadline } = world.slowHold;
    const quick = await world.shopper('quick-shopper');
    const place = (idempotencyKey: string) => world.ask(quick, 'A-1-2', idempotencyKey);
    world.pass(STEADY_MS);
    const { position } = done(
      await world.slow.call('readHold', { params: { event, hold: id } }),
      200,
    ).body;
    world.jump(jumpMs);
    const extend = () =>
      world.slow.call('extendHold', { params: { event, hold: id }, body: { rev: 1 } });
    for (const result of [await place('first'), await extend(), await place('first')]) {
      assert.is(refused(result, 'store.unavailable').retryAfterMs, 1_000);
      assert.is(result.kind === 'refused' && result.headers.get('retry-after'), '1');
    }
    const { holds, offset, shiftMs } = world.store.state(EVENT);
    assert.equal([holds.size, offset], [1, position.offset], 'nothing was written');
    assert.is(done(await world.ask(world.slow, 'A-1-1', 'slow'), 201).body.id, id, 'replayed');
    await world.store.rebase(EVENT, { seenShiftMs: shiftMs, jumpMs });
    const placed = done(await place('first'), 201).body;
    assert.ok(Math.abs(placed.remainingMs - 240_000) < 100, `${placed.remainingMs}`);
    const extended = done(await extend(), 200).body;
    assert.is(extended.deadline, deadline, 'an extension never shortens');
    await world.kit.stop();
  });
}

test('I6: an API that stood still between its look at the clock and the script is not told of a jump', async () => {
  const world = await openWorld();
  world.pass(STEADY_MS);
  const quick = await world.shopper('quick-shopper');
  done(await quick.call('listHolds', { params }), 200);
  world.standStillOnce(5_000);
  done(await world.ask(quick, 'A-1-2'), 201);
  await world.kit.stop();
});

test('I6: a look that was taken during a jump is dropped when the jump is settled', async () => {
  const world = await openWorld();
  world.jump(61_000);
  const late = await world.shopper('late-shopper', 1);
  done(await late.call('listHolds', { params }), 200);
  world.pass(1_000);
  const { shiftMs } = world.store.state(EVENT);
  await world.store.rebase(EVENT, { seenShiftMs: shiftMs, jumpMs: 61_000 });
  done(await late.call('listHolds', { params }), 200);
  world.pass(STEADY_MS);
  done(await world.ask(late, 'A-1-2'), 201);
  await world.kit.stop();
});

test('I6: a jump that nobody settles keeps shoppers waiting for 10 s, then the new clock is taken', async () => {
  const world = await openWorld();
  world.pass(STEADY_MS);
  world.jump(-661_000);
  const quick = await world.shopper('quick-shopper');
  for (let passed = 0; passed <= DOUBT_MS; passed += 1_000) {
    refused(await world.ask(quick, 'A-1-2'), 'store.unavailable');
    world.pass(1_000);
  }
  done(await world.ask(quick, 'A-1-2'), 201);
  await world.kit.stop();
});

test('I6: an API that has not watched the clock long enough ends nothing by it, and does once it has', async () => {
  const world = await openWorld();
  world.pass(240_000);
  const quick = await world.shopper('quick-shopper', 1);
  refused(await world.ask(quick), 'seats.unavailable');
  world.pass(STEADY_MS - 500);
  refused(await world.ask(quick), 'seats.unavailable');
  assert.equal(world.kit.news.notices, []);
  world.pass(500);
  done(await world.ask(quick), 201);
  assert.is(await world.statusOfSlow(), 'expired');
  await world.kit.stop();
});

test('I6: a look at the clock that only disagrees is given up after a while, and a new one begins', async () => {
  const world = await openWorld();
  world.pass(STEADY_MS);
  // Nobody settles this jump: no worker is alive.
  world.jump(300_000);
  const quick = await world.shopper('quick-shopper');
  for (let passed = 0; passed < DOUBT_MS + STEADY_MS; passed += 1_000) {
    refused(await world.ask(quick), 'seats.unavailable');
    world.pass(1_000);
  }
  world.pass(1_000);
  done(await world.ask(quick), 201);
  assert.is(await world.statusOfSlow(), 'expired');
  await world.kit.stop();
});

test('security 13: a proved token is remembered, but never beyond its own end, and a bad one never', async () => {
  const { clock, advance } = createManualAmbient();
  let asked = 0;
  const expiresAtMs = clock.wallMs() + 40_000;
  const tokens = rememberTokens(
    {
      verify: async (token) => {
        asked += 1;
        const isGood = token === 'good' && clock.wallMs() < expiresAtMs;
        // A literal of the form that owner ids have.
        const subject = 'shopper-1' as never;
        return isGood
          ? { ok: true, subject, role: 'shopper', expiresAtMs }
          : { ok: false, code: 'token.invalid' };
      },
    },
    clock,
  );
  for (let time = 0; time < 3; time += 1) assert.ok((await tokens.verify('good')).ok);
  assert.is(asked, 1);
  await advance(30_000);
  assert.ok((await tokens.verify('good')).ok);
  assert.is(asked, 2, 'asked again after half a minute');
  await advance(10_000);
  assert.not((await tokens.verify('good')).ok, 'at its end it is over');
  for (let time = 0; time < 3; time += 1) await tokens.verify('bad');
  assert.is(asked, 6);
});

test.run();
