import type {
  BudgetLevel,
  EventId,
  HoldStore,
  OwnerId,
  PlaceCommand,
  PlaceReply,
  Policy,
  SeenClock,
} from '@holdfast/db/model';
import * as assert from 'uvu/assert';
import {
  CHART,
  numberedEvent,
  OWNERS,
  POLICY,
  SEATS,
  TRAIL,
  theHold,
  theQuote,
} from './universe.ts';

/** A store under test and the means to move its event's clock without sleeping. */
export type StoreUnderTest = {
  readonly store: HoldStore;
  passTime(event: EventId, ms: number): Promise<void>;
  /** Unbought seat-time as it is kept, by owner and address. */
  budgets(event: EventId): Promise<ReadonlyMap<string, BudgetLevel>>;
};

/** The store, a way to a fresh open event, and a place that needs little said. */
export type ContractWorld = {
  readonly under: StoreUnderTest;
  freshEvent(policy?: Policy): Promise<EventId>;
  placeIn(
    event: EventId,
    hold: number,
    seats: readonly number[],
    given?: Partial<PlaceCommand>,
  ): Promise<PlaceReply>;
};

export type ContractRule = {
  readonly title: string;
  readonly proof: (world: ContractWorld) => Promise<void>;
};

/**
 * What every HoldStore must do, told as examples a newcomer can read. The same rules run on Redis
 * and on the reference model; the random comparison beside them covers the corners.
 */
export const CONTRACT_RULES: ContractRule[] = [];

const RACE_MS = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5];

function rule(title: string, proof: ContractRule['proof']): void {
  CONTRACT_RULES.push({ title, proof });
}

export function createContractWorld(under: StoreUnderTest): ContractWorld {
  let number = 0;
  return {
    under,
    freshEvent: async (policy = POLICY) => {
      number += 1;
      const event = numberedEvent(number);
      const begin = { chartHash: CHART, seatCount: SEATS, policy, version: 1 };
      await under.store.loadBegin(event, { token: 'load', sale: 'open', ...begin });
      await under.store.loadEnd(event, { token: 'load' });
      return event;
    },
    placeIn: (event, hold, seats, given = {}) =>
      under.store.place(event, {
        holdId: theHold(event, hold),
        owner: ownerAt(hold),
        seats,
        quote: theQuote(seats),
        chartHash: CHART,
        idemField: '',
        bodyHash: '',
        addressHash: '',
        trail: TRAIL,
        ...given,
      }),
  };
}

export function ownerAt(hold: number): OwnerId {
  const owner = OWNERS[hold % OWNERS.length];
  if (owner === undefined) throw new Error('the universe has owners');
  return owner;
}

rule(
  'I1: two holds never share a seat, and the loser learns which seat it was',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    assert.is((await placeIn(event, 0, [1, 2])).outcome, 'placed');
    const second = await placeIn(event, 1, [2, 3]);
    assert.is(second.outcome, 'seats.unavailable');
    if (second.outcome !== 'seats.unavailable') return;
    assert.equal(second.blockers, [{ seat: 2, state: 1, mine: false }]);
    const map = await under.store.snapshot(event);
    assert.equal(map.outcome === 'taken' && [...map.map], [0, 1, 1, 0, 0, 0, 0]);
  },
);

rule('of two changes of the sale the later document wins, whichever comes first', async (world) => {
  const { store } = world.under;
  const event = await world.freshEvent();
  await store.sale(event, { next: 'paused', version: 4 });
  await store.sale(event, { next: 'open', version: 3 });
  const [head] = await store.heads([event]);
  assert.equal([head?.sale, head?.version], ['paused', 4]);
  await store.sale(event, { next: 'paused', version: 6 });
  await store.sale(event, { next: 'open', version: 5 });
  assert.is((await store.heads([event]))[0]?.sale, 'paused', 'a repeated state counts as well');
});

rule(
  'security 8, I5: a refused place (no seat, twice the same, -1, beyond the hall, half a seat, too many) changes nothing: no seat, no offset, no basket',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    await placeIn(event, 0, [1]);
    const before = await under.store.snapshot(event);
    for (const seats of [[], [3, 2], [3, 3], [-1], [SEATS], [1.5], [1], [2, 3, 4, 5]]) {
      const refused = await placeIn(event, 1, seats);
      assert.not.equal(refused.outcome, 'placed', `${seats}`);
    }
    const after = await under.store.snapshot(event);
    assert.equal(after.position, before.position);
    const basket = await under.store.readHold(event, { owner: ownerAt(1) });
    assert.is(basket.outcome, 'hold.unknown');
  },
);

rule(
  'row 7, I3: a lost reply: the same place again answers the same hold and writes nothing',
  async ({ freshEvent, placeIn }) => {
    const event = await freshEvent();
    const first = await placeIn(event, 0, [1], { idemField: 'key', bodyHash: 'body' });
    const again = await placeIn(event, 0, [1], { idemField: 'key', bodyHash: 'body' });
    const otherId = await placeIn(event, 3, [1], {
      owner: ownerAt(0),
      idemField: 'key',
      bodyHash: 'body',
    });
    const otherBody = await placeIn(event, 4, [1], { idemField: 'key', bodyHash: 'changed' });
    assert.equal(
      [first.outcome, again.outcome, otherId.outcome, otherBody.outcome],
      ['placed', 'replayed', 'replayed', 'idempotency.mismatch'],
    );
    assert.equal(again.position, first.position);
    assert.is('holdId' in otherId && otherId.holdId, theHold(event, 0));
  },
);

rule(
  'place never ends another hold: overdue blockers are named, then ended, then it places',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    await placeIn(event, 0, [1]);
    await under.passTime(event, POLICY.holdTtlMs);
    const blocked = await placeIn(event, 1, [1, 2]);
    assert.is(blocked.outcome, 'seats.overdue');
    if (blocked.outcome !== 'seats.overdue') return;
    assert.equal(blocked.overdue, [theHold(event, 0)]);
    const only = blocked.overdue;
    const swept = await under.store.expireDue(event, { seen: null, only, trail: TRAIL });
    assert.equal(swept.outcome === 'swept' && swept.ended.map((gone) => gone.holdId), only);
    assert.is((await placeIn(event, 1, [1, 2])).outcome, 'placed');
  },
);

for (const race of RACE_MS) {
  rule(
    `I3, I6: confirm and expiry ${race} ms round the deadline: exactly one wins, by the store's clock`,
    async ({ under, freshEvent, placeIn }) => {
      const event = await freshEvent();
      const placed = await placeIn(event, 0, [1]);
      const deadlineMs = 'hold' in placed ? placed.hold.deadlineMs : 0;
      await under.passTime(event, deadlineMs - placed.nowMs + race);
      const command = { holdId: theHold(event, 0), owner: ownerAt(0), rev: 1 };
      const confirm = await under.store.beginConfirm(event, command);
      const sweep = await under.store.expireDue(event, { seen: null, only: null, trail: TRAIL });
      const confirmed = confirm.outcome === 'confirming';
      assert.is(confirmed, confirm.nowMs < deadlineMs, 'confirm needs now < deadline');
      const expired = sweep.outcome === 'swept' && sweep.ended.length === 1;
      assert.is(expired, !confirmed && sweep.nowMs >= deadlineMs, 'expiry needs now >= deadline');
    },
  );
}

rule(
  'amend swaps seats in one step and keeps the deadline: a swap never loses what one has',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    const placed = await placeIn(event, 0, [1, 2]);
    await placeIn(event, 1, [4]);
    const amend = (seats: readonly number[], rev: number, opId: string) =>
      under.store.amend(event, {
        holdId: theHold(event, 0),
        owner: ownerAt(0),
        rev,
        seats,
        quote: theQuote(seats),
        chartHash: CHART,
        opId,
        bodyHash: '',
        trail: TRAIL,
      });
    assert.is((await amend([2, 4], 1, 'swap-lost')).outcome, 'seats.unavailable');
    const swapped = await amend([2, 3], 1, 'swap');
    assert.is(swapped.outcome, 'amended');
    const hold = 'hold' in swapped ? swapped.hold : undefined;
    assert.equal([hold?.seats, hold?.rev], [[2, 3], 2]);
    assert.is(hold?.deadlineMs, 'hold' in placed ? placed.hold.deadlineMs : 0);
    assert.is((await amend([2, 3], 1, 'swap')).outcome, 'replayed', 'a re-sent op is recognised');
    assert.is((await amend([5], 1, 'late')).outcome, 'hold.changed', 'an old rev is refused');
    assert.is((await amend([], 2, 'empty')).outcome, 'released', 'no seats = release');
  },
);

rule(
  'security 1: a hold belongs to its owner: to anybody else it is unknown, on every verb',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    await placeIn(event, 0, [1]);
    const foreign = { holdId: theHold(event, 0), owner: ownerAt(1), rev: 1 };
    const op = { opId: 'op', bodyHash: '' };
    const amend = { ...foreign, ...op, seats: [], quote: theQuote([]), chartHash: CHART };
    const answers = [
      await under.store.release(event, { ...foreign, trail: TRAIL }),
      await under.store.extend(event, { ...foreign, ...op }),
      await under.store.amend(event, { ...amend, trail: TRAIL }),
      await under.store.beginConfirm(event, foreign),
    ];
    assert.equal(
      answers.map(({ outcome }) => outcome),
      Array(4).fill('hold.unknown'),
    );
  },
);

rule(
  'I6: a clock that jumped ends nothing; rebase gives every hold the time it was told',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    const placed = await placeIn(event, 0, [1]);
    const jumpMs = 61_000;
    await under.passTime(event, jumpMs);
    const seen = { nowMs: placed.nowMs, elapsedMs: 0 };
    const sweep = await under.store.expireDue(event, { seen, only: null, trail: TRAIL });
    assert.is(sweep.outcome, 'clock.jumped');
    if (sweep.outcome !== 'clock.jumped') return;
    assert.ok(sweep.jumpMs >= jumpMs);
    const command = { seenShiftMs: sweep.shiftMs, jumpMs: sweep.jumpMs };
    assert.is((await under.store.rebase(event, command)).outcome, 'rebased');
    assert.is(
      (await under.store.rebase(event, command)).outcome,
      'rebase.stale',
      'one rebase only',
    );
    const after = await under.store.expireDue(event, { seen, only: null, trail: TRAIL });
    assert.equal(after.outcome === 'swept' && after.ended, []);
  },
);

for (const jumpMs of [61_000, -661_000]) {
  rule(
    `row 32, I5, I6: a clock that jumped by ${jumpMs / 1_000} s tells no deadline: place and extend refuse and write nothing, and replay what they answered`,
    async ({ under, freshEvent, placeIn }) => {
      const { store } = under;
      const event = await freshEvent();
      const first = await placeIn(event, 0, [1]);
      const extend = (rev: number, opId: string, seen: SeenClock) => {
        const command = { holdId: theHold(event, 0), owner: ownerAt(0), rev, opId, bodyHash: '' };
        return store.extend(event, { ...command, seen });
      };
      const before = { nowMs: first.nowMs, elapsedMs: 0 };
      const told = await extend(1, 'told', before);
      assert.is(told.outcome, 'extended');
      await under.passTime(event, jumpMs);
      const seen = { seen: before };
      const refused = await placeIn(event, 1, [2], seen);
      assert.is(refused.outcome, 'clock.jumped');
      assert.is((await extend(2, 'new', before)).outcome, 'clock.jumped');
      assert.is((await placeIn(event, 0, [1], seen)).outcome, 'replayed');
      assert.is((await extend(1, 'told', before)).outcome, 'replayed');
      assert.equal(refused.position, first.position);
      const left = await store.readHold(event, { holdId: theHold(event, 0) });
      assert.equal('hold' in left && left.hold, 'hold' in told && told.hold);
      if (refused.outcome !== 'clock.jumped') return;
      const { shiftMs, jumpMs: byMs } = refused;
      await store.rebase(event, { seenShiftMs: shiftMs, jumpMs: byMs });
      assert.is((await placeIn(event, 1, [2], seen)).outcome, 'placed');
      assert.is((await extend(2, 'new', before)).outcome, 'extended');
    },
  );
}

rule(
  'I6: a caller that stood still may place and extend by a clock that a sweep vouches for',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    const { nowMs } = await placeIn(event, 0, [1]);
    const seen = { nowMs, elapsedMs: -3_100 };
    assert.is((await placeIn(event, 1, [2], { seen })).outcome, 'clock.jumped');
    await under.store.expireDue(event, { seen: null, only: null, trail: TRAIL });
    assert.is((await placeIn(event, 1, [2], { seen })).outcome, 'placed');
    const command = { holdId: theHold(event, 0), owner: ownerAt(0), rev: 1, opId: 'op' };
    const extended = await under.store.extend(event, { ...command, bodyHash: '', seen });
    assert.is(extended.outcome, 'extended');
  },
);

rule(
  'I6: a sweep vouches for a clock that is ahead of its caller, never for one that went back to it',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    await placeIn(event, 0, [1]);
    const swept = await under.store.expireDue(event, { seen: null, only: null, trail: TRAIL });
    const judge = async (elapsedMs: number): Promise<string> => {
      const seen = { nowMs: swept.nowMs, elapsedMs };
      const only = [theHold(event, 0)];
      return (await under.store.expireDue(event, { seen, only, trail: TRAIL })).outcome;
    };
    assert.is(await judge(-3_100), 'swept', 'the caller stood still');
    assert.is(await judge(3_100), 'clock.jumped', 'the clock met the old mark again');
  },
);

rule(
  'I6: the clock has a name of its own in each life, and another one each time it was settled',
  async ({ under, freshEvent, placeIn }) => {
    const event = await freshEvent();
    await placeIn(event, 0, [1]);
    const nameOf = async (): Promise<string> =>
      (await under.store.nextDue([event]))[0]?.clock ?? 'closed';
    const [life, settled] = (await nameOf()).split('.');
    assert.is(settled, '0');
    await under.store.rebase(event, { seenShiftMs: 0, jumpMs: 61_000 });
    assert.is(await nameOf(), `${life}.1`);
    const [head] = await under.store.heads([event]);
    await under.store.newEpoch(event, { seenEpoch: head?.position.epoch ?? '' });
    assert.is(await nameOf(), `${life}.1`, 'a renewed epoch is the same life');
  },
);
