import * as assert from 'uvu/assert';
import { type ContractRule, type ContractWorld, ownerAt } from './contract-rules.ts';
import { CHART, POLICY, TRAIL, theHold, theQuote } from './universe.ts';

/** Steps of a hold in an order that no page asks for, and two of them at once. */
export const FLOW_ORDER_RULES: ContractRule[] = [];

const ROUNDS = 20;

function rule(title: string, proof: ContractRule['proof']): void {
  FLOW_ORDER_RULES.push({ title, proof });
}

type Event = Awaited<ReturnType<ContractWorld['freshEvent']>>;

/** The outcome of each step that an owner may ask for, on hold `number`. */
async function stepsOf({ under }: ContractWorld, event: Event, number: number): Promise<string[]> {
  const mine = { holdId: theHold(event, number), owner: ownerAt(number), rev: 1 };
  const op = { opId: 'op', bodyHash: '' };
  const seats = [4];
  const adding = { ...mine, ...op, seats, quote: theQuote(seats), chartHash: CHART, trail: TRAIL };
  const answers = [
    await under.store.beginConfirm(event, mine),
    await under.store.extend(event, { ...mine, ...op }),
    await under.store.amend(event, adding),
  ];
  return answers.map(({ outcome }) => outcome);
}

rule(
  'security 6, I5: confirm, extend and amend without a hold, after its release and past its deadline change nothing',
  async (world) => {
    const { store } = world.under;
    const event = await world.freshEvent();
    await world.placeIn(event, 1, [1]);
    await world.placeIn(event, 2, [2]);
    const released = { holdId: theHold(event, 1), owner: ownerAt(1), rev: null, trail: TRAIL };
    assert.is((await store.release(event, released)).outcome, 'released');
    await world.under.passTime(event, POLICY.holdTtlMs);
    const before = await store.snapshot(event);
    assert.equal(await stepsOf(world, event, 0), Array(3).fill('hold.unknown'));
    assert.equal(await stepsOf(world, event, 1), Array(3).fill('hold.ended'));
    assert.equal(await stepsOf(world, event, 2), Array(3).fill('hold.overdue'));
    assert.equal((await store.snapshot(event)).position, before.position);
    const swept = await store.expireDue(event, { seen: null, only: null, trail: TRAIL });
    assert.is(swept.outcome === 'swept' && swept.ended.length, 1);
    assert.equal(await stepsOf(world, event, 2), Array(3).fill('hold.ended'));
  },
);

rule(
  'security 6, I5: where the sale is closed nobody begins a hold; who has one may go on to confirm',
  async (world) => {
    const { store } = world.under;
    const event = await world.freshEvent();
    await world.placeIn(event, 1, [1]);
    await store.sale(event, { next: 'closed', version: 2 });
    const before = await store.snapshot(event);
    assert.is((await world.placeIn(event, 2, [2])).outcome, 'sale.closed');
    assert.equal((await store.snapshot(event)).position, before.position);
    const mine = { holdId: theHold(event, 1), owner: ownerAt(1), rev: 1 };
    assert.is((await store.beginConfirm(event, mine)).outcome, 'confirming');
  },
);

rule(
  'security 7, I3: a confirm and a release of one hold at once: exactly one wins, and the loser is refused',
  async (world) => {
    const { store } = world.under;
    const event = await world.freshEvent();
    for (let round = 0; round < ROUNDS; round += 1) {
      const number = 3 * round;
      assert.is((await world.placeIn(event, number, [1])).outcome, 'placed');
      const mine = { holdId: theHold(event, number), owner: ownerAt(number) };
      const confirm = () => store.beginConfirm(event, { ...mine, rev: 1 });
      const release = () => store.release(event, { ...mine, rev: null, trail: TRAIL });
      const steps = round % 2 === 0 ? [confirm(), release()] : [release(), confirm()];
      const outcomes = (await Promise.all(steps)).map(({ outcome }) => outcome);
      const winner = round % 2 === 0 ? 'confirming' : 'released';
      assert.is(outcomes[0], winner);
      assert.is(outcomes[1], round % 2 === 0 ? 'hold.confirming' : 'hold.ended');
      if (winner === 'confirming')
        await store.reject(event, { ...mine, contested: [], trail: TRAIL });
    }
  },
);
