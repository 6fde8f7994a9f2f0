import {
  DEFAULT_POLICY,
  type EventId,
  ownerHash,
  ownerId,
  type PlaceReply,
  type Policy,
} from '@holdfast/db/model';
import * as assert from 'uvu/assert';
import { type ContractRule, type ContractWorld, ownerAt } from './contract-rules.ts';
import { CHART, POLICY, TRAIL, theHold, theQuote } from './universe.ts';

/** What a store must do about seats that are held but not bought (`machine/budget.ts`), as examples. */
export const BUDGET_RULES: ContractRule[] = [];

function rule(title: string, proof: ContractRule['proof']): void {
  BUDGET_RULES.push({ title, proof });
}

const MINUTE_MS = 60_000;
/** 5 s for 3 seats cost 15,000: four such holds of one owner, six of one address. */
const TIGHT: Policy = {
  ...POLICY,
  ownerBudgetMs: 60_000,
  addressBudgetMs: 90_000,
  budgetRefillMs: 60 * MINUTE_MS,
};

type Given = { readonly world: ContractWorld; readonly event: EventId };

function release({ world, event }: Given, hold: number) {
  const holdId = theHold(event, hold);
  return world.under.store.release(event, {
    holdId,
    owner: ownerAt(hold),
    rev: null,
    trail: TRAIL,
  });
}

function extend({ world, event }: Given, hold: number, rev: number) {
  const command = { holdId: theHold(event, hold), owner: ownerAt(hold), rev };
  return world.under.store.extend(event, { ...command, opId: `op-${rev}`, bodyHash: '' });
}

function amend({ world, event }: Given, hold: number, seats: readonly number[]) {
  return world.under.store.amend(event, {
    ...{ holdId: theHold(event, hold), owner: ownerAt(hold), rev: 1, seats },
    ...{ quote: theQuote(seats), chartHash: CHART, opId: 'op', bodyHash: '', trail: TRAIL },
  });
}

async function end({ world, event }: Given): Promise<void> {
  await world.under.store.expireDue(event, { seen: null, only: null, trail: TRAIL });
}

/** What is kept of an owner's unbought seat-time, as it was last written. */
async function levelOf({ world, event }: Given, hold: number): Promise<number> {
  const budgets = await world.under.budgets(event);
  return budgets.get(`owner:${ownerHash(ownerAt(hold))}`)?.levelMs ?? 0;
}

/** Real time passes while a test talks to Redis. */
const TALK_MS = 1_000;

function near(levelMs: number, expectedMs: number): void {
  assert.ok(Math.abs(levelMs - expectedMs) < TALK_MS, `${levelMs}, not about ${expectedMs}`);
}

/** The length that a fresh hold got, or the name of its refusal. */
function lengthOf(reply: PlaceReply): number | string {
  if (reply.outcome !== 'placed') return reply.outcome;
  return reply.hold.deadlineMs - reply.hold.placedAtMs;
}

/** Lets holds of three seats go to their deadline until one is refused; gives their lengths. */
async function holdOnAndOn(
  { world, event }: Given,
  given: { readonly early: number; readonly address?: (round: number) => string },
): Promise<(number | string)[]> {
  const lengths: (number | string)[] = [];
  for (let round = 0; round < 100; round += 1) {
    const hold = 3 * round;
    const most = lengths.length === 0 || lengths.at(-1) === POLICY.holdTtlMs ? 3 : 1;
    const wanted = [0, 1, 2].slice(0, most);
    const addressHash = given.address?.(round) ?? 'network-1';
    let reply = await world.placeIn(event, hold, wanted, { addressHash });
    if (reply.outcome === 'budget.spent' && reply.budget.mostSeats > 0) {
      const fewer = wanted.slice(0, reply.budget.mostSeats);
      reply = await world.placeIn(event, hold, fewer, { addressHash });
    }
    const length = lengthOf(reply);
    lengths.push(length);
    if (typeof length === 'string') return lengths;
    await world.under.passTime(event, length - given.early);
    if (given.early > 0) await release({ world, event }, hold);
    else await end({ world, event });
  }
  return lengths;
}

rule(
  'honest shoppers never feel a budget: seven abandoned baskets of four in half an hour, or one large one with all its extensions',
  async (world) => {
    const event = await world.freshEvent(DEFAULT_POLICY);
    const given = { world, event };
    for (let round = 0; round < 7; round += 1) {
      const placed = await world.placeIn(event, 3 * round, [0, 1, 2, 3], { addressHash: 'home' });
      assert.is(lengthOf(placed), DEFAULT_POLICY.holdTtlMs, `basket ${round}`);
      await world.under.passTime(event, DEFAULT_POLICY.holdTtlMs);
      await end(given);
    }
    await world.under.passTime(event, DEFAULT_POLICY.budgetRefillMs);
    await world.placeIn(event, 100, [0, 1, 2, 3, 4, 5, 6], { addressHash: 'home' });
    for (let rev = 1; rev <= DEFAULT_POLICY.maxExtensions; rev += 1) {
      const waitMs = rev === 1 ? 3 * MINUTE_MS : MINUTE_MS - 1_000;
      await world.under.passTime(event, waitMs);
      const reply = await extend(given, 100, rev);
      const full =
        'hold' in reply && reply.hold.deadlineMs - reply.nowMs >= DEFAULT_POLICY.extendMs;
      assert.ok(reply.outcome === 'extended' && full, `extension ${rev}`);
    }
  },
);

rule(
  'security 4: as a budget drains, holds get half their time and seats, then a quarter, then nothing, told with how long to wait',
  async (world) => {
    const event = await world.freshEvent(TIGHT);
    const lengths = await holdOnAndOn({ world, event }, { early: 0 });
    const steps = [...new Set(lengths)];
    assert.equal(steps, [5_000, 2_500, 1_250, 'budget.spent'], lengths.join());
    const refused = await world.placeIn(event, 300, [3]);
    assert.is(refused.outcome, 'budget.spent');
    if (refused.outcome !== 'budget.spent') return;
    const { budget } = refused;
    assert.equal([budget.mostSeats, budget.whose], [0, 'owner']);
    assert.ok(budget.retryAfterMs > 0 && budget.retryAfterMs < TIGHT.budgetRefillMs / 4);
    await world.under.passTime(event, budget.retryAfterMs);
    assert.is((await world.placeIn(event, 300, [3])).outcome, 'placed');
  },
);

rule(
  'security 4: giving back a millisecond before the deadline and holding again saves milliseconds, no more',
  async (world) => {
    const patient = { world, event: await world.freshEvent(TIGHT) };
    const looping = { world, event: await world.freshEvent(TIGHT) };
    const told = await holdOnAndOn(patient, { early: 0 });
    const looped = await holdOnAndOn(looping, { early: 1 });
    assert.ok(looped.length <= told.length + 1, `${looped.length} against ${told.length} rounds`);
    assert.is(looped.at(-1), 'budget.spent');
  },
);

rule('OAT-021: one owner with an address for every hold has one budget', async (world) => {
  const event = await world.freshEvent(TIGHT);
  const lengths = await holdOnAndOn({ world, event }, { early: 0, address: (n) => `network-${n}` });
  assert.is(lengths.at(-1), 'budget.spent', lengths.join());
});

rule(
  'security 4: many owners behind one address share its budget, and others are left alone',
  async (world) => {
    const event = await world.freshEvent(TIGHT);
    const outcomes: string[] = [];
    for (let owner = 0; owner < 60; owner += 1) {
      const given = { owner: ownerId(`shopper-${owner}`), addressHash: 'network-1' };
      const placed = await world.placeIn(event, owner, [0], given);
      outcomes.push(placed.outcome);
      if (placed.outcome !== 'placed') {
        assert.is(placed.outcome === 'budget.spent' && placed.budget.whose, 'address');
        break;
      }
      await world.under.passTime(event, POLICY.holdTtlMs);
      await end({ world, event });
    }
    assert.is(outcomes.at(-1), 'budget.spent', outcomes.join());
    for (const addressHash of ['network-2', '']) {
      const other = { owner: ownerId(`other-${addressHash.length}`), addressHash };
      const placed = await world.placeIn(
        event,
        60 + addressHash.length,
        [addressHash.length % 7],
        other,
      );
      assert.is(lengthOf(placed), POLICY.holdTtlMs, 'nobody else pays for it');
    }
  },
);

rule(
  'a booking gives back at once all that its hold was charged; cancelling it takes it again',
  async (world) => {
    const event = await world.freshEvent(TIGHT);
    const level = () => levelOf({ world, event }, 0);
    await world.placeIn(event, 0, [0, 1, 2]);
    near(await level(), 15_000);
    const booking = { holdId: theHold(event, 0), owner: ownerAt(0), trail: TRAIL };
    const seats = [0, 1, 2];
    await world.under.store.commit(event, { ...booking, seats, quote: theQuote(seats) });
    near(await level(), 0);
    await world.under.store.cancel(event, { ...booking, seats });
    near(await level(), 15_000);
  },
);

rule(
  'what was not used comes back: on release, on revoke, and for seats that are dropped',
  async (world) => {
    const event = await world.freshEvent(TIGHT);
    const given = { world, event };
    const level = () => levelOf({ world, event }, 0);
    await world.placeIn(event, 0, [0, 1, 2]);
    await amend(given, 0, [0]);
    near(await level(), 5_000);
    await release(given, 0);
    near(await level(), 0);
    await world.placeIn(event, 3, [0, 1]);
    await world.under.store.revoke(event, { holdId: theHold(event, 3), trail: TRAIL });
    near(await level(), 0);
  },
);

rule(
  'security 4, I5: a spent budget refuses more time and more seats and changes nothing; swapping and giving back go on',
  async (world) => {
    const event = await world.freshEvent({ ...TIGHT, ownerBudgetMs: 8_000 });
    const given = { world, event };
    await world.placeIn(event, 0, [0, 1]);
    const before = await world.under.store.snapshot(event);
    const more = await amend(given, 0, [0, 1, 2]);
    const longer = await extend(given, 0, 1);
    assert.equal([more.outcome, longer.outcome], ['budget.spent', 'budget.spent']);
    const after = await world.under.store.snapshot(event);
    assert.equal(after.position, before.position);
    const mine = await world.under.store.readHold(event, { owner: ownerAt(0) });
    assert.is('hold' in mine && mine.hold.rev, 1);
    assert.is((await amend(given, 0, [1, 2])).outcome, 'amended');
    assert.is((await release(given, 0)).outcome, 'released');
  },
);

rule('an event whose budgets are 0 holds on for ever', async (world) => {
  const event = await world.freshEvent({ ...TIGHT, ownerBudgetMs: 0, addressBudgetMs: 0 });
  const lengths = await holdOnAndOn({ world, event }, { early: 0 });
  assert.equal([...new Set(lengths)], [POLICY.holdTtlMs]);
});

rule('budgets that have refilled are forgotten, others are kept', async (world) => {
  const { store } = world.under;
  const event = await world.freshEvent(TIGHT);
  await world.placeIn(event, 0, [0, 1, 2], { addressHash: 'network-1' });
  const trim = async () => {
    const reply = await store.trimBudget(event, { cursor: '0', limit: 100 });
    return reply.outcome === 'trimmed' && [reply.count, reply.cursor];
  };
  assert.equal(await trim(), [0, '0']);
  await world.under.passTime(event, TIGHT.budgetRefillMs);
  assert.equal(await trim(), [2, '0']);
  assert.equal(await trim(), [0, '0']);
});
