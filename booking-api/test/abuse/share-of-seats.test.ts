import { createModelHoldStore } from '@holdfast/db/model';
import { suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { TimedStore } from './besieged-hall.ts';
import {
  freshSessions,
  lay,
  MANY_BEHIND_ONE,
  mostHeld,
  NOBODY,
  ONE_CLIENT,
  ONE_OWNER_MANY_ADDRESSES,
  type Siege,
  type SiegeResult,
  told,
  WALKING_AWAY,
} from './siege.ts';

const test = suite('OAT-021: one abuser and a hundred honest shoppers');

/** The honest come within ten minutes and try for ten more. */
const LENGTH_MS = 25 * 60_000;
const LONG_MS = 4 * 3_600_000;
const POLL_MS = 3_000;
const GUARD_OFF = { ownerBudgetMs: 0, addressBudgetMs: 0 };
/** Of the seats: what the honest buy where nobody abuses is all of them. */
const SHARE_LEAST = 0.9;
const LIMIT_MS = 120_000;

function onModel(): TimedStore {
  const startMs = 1_900_000_000_000;
  let nowMs = startMs;
  return {
    store: createModelHoldStore({ nowMs: () => nowMs }),
    setTime: async (_event, sinceStartMs) => {
      nowMs = startMs + sinceStartMs;
    },
  };
}

/** The same siege with the guard and without it. */
async function both(siege: Siege, lengthMs = LENGTH_MS) {
  const terms = { seed: testSeed(siege.name), lengthMs, pollMs: POLL_MS };
  const off = await lay(onModel(), siege, { ...terms, policy: GUARD_OFF });
  const on = await lay(onModel(), siege, { ...terms, policy: {} });
  console.log(told(siege, 'off', off));
  console.log(told(siege, 'on', on));
  assert.equal([off.honestFelt, on.honestFelt], [0, 0], 'no honest shopper felt the guard');
  return { off, on };
}

function assertBounded(on: SiegeResult, budgetMs: number, lengthMs = LENGTH_MS): void {
  const mostMs = mostHeld(budgetMs, on, lengthMs);
  assert.ok(on.heldMs <= mostMs, `held ${on.heldMs} seat-ms, more than ${mostMs}`);
}

test('security 4: where nobody abuses, the honest buy the whole hall, with the guard or without', async () => {
  const { off, on } = await both(NOBODY);
  assert.ok(off.share > 0.95, `${off.share}`);
  assert.is(on.share, off.share);
});

for (const siege of [ONE_CLIENT, ONE_OWNER_MANY_ADDRESSES]) {
  test(
    `security 4: ${siege.name}, giving back 1 ms before the deadline and holding again for 4 h: its seat-time is bounded by its own budget`,
    async () => {
      const { off, on } = await both(siege, LONG_MS);
      assertBounded(on, on.policy.ownerBudgetMs, LONG_MS);
      assert.ok(on.heldMs < off.heldMs / 3, `${on.heldMs} of ${off.heldMs} seat-ms`);
      assert.ok(on.share >= SHARE_LEAST, `${on.share}`);
    },
    { timeoutMs: LIMIT_MS },
  );
}

for (const siege of [MANY_BEHIND_ONE, freshSessions(1)]) {
  test(
    `security 4: ${siege.name}, holding again in the same instant: the honest get nothing without the guard, and nine seats of ten with it`,
    async () => {
      const { off, on } = await both(siege);
      assert.ok(off.share < 0.05, `${off.share} without the guard`);
      assert.ok(on.share >= SHARE_LEAST, `${on.share} with it`);
      assertBounded(on, on.policy.addressBudgetMs);
    },
    { timeoutMs: LIMIT_MS },
  );
}

test(
  `security 4: ${WALKING_AWAY.name}: the guard gives the honest the seats back sooner`,
  async () => {
    const { off, on } = await both(WALKING_AWAY);
    assertBounded(on, on.policy.addressBudgetMs);
    assert.ok(on.share >= Math.max(SHARE_LEAST, off.share), `${on.share} after ${off.share}`);
    assert.ok(on.heldMs < off.heldMs / 2, `${on.heldMs} of ${off.heldMs} seat-ms`);
  },
  { timeoutMs: LIMIT_MS },
);

test(
  'security 4: each further address costs the honest one more budget, so the guard alone does not stop an abuser with fresh sessions on as many addresses as it likes',
  async () => {
    const seed = testSeed('addresses');
    const held: number[] = [];
    for (const addresses of [1, 4, 1_000]) {
      const siege = freshSessions(addresses);
      const terms = { seed, lengthMs: LENGTH_MS, pollMs: POLL_MS, policy: {} };
      const on = await lay(onModel(), siege, terms);
      console.log(told(siege, 'on', on));
      const mostMs = addresses * mostHeld(on.policy.addressBudgetMs, on, LENGTH_MS);
      assert.ok(on.heldMs <= mostMs, `${addresses} addresses held ${on.heldMs} of ${mostMs}`);
      held.push(on.heldMs);
    }
    const [one = 0, four = 0] = held;
    assert.ok(four > 2 * one, held.join());
  },
  { timeoutMs: LIMIT_MS },
);

test.run();
