import {
  createModelHoldStore,
  type EventId,
  type HoldStore,
  type Policy,
} from '@holdfast/db/model';
import { createRedisHoldStore, eventKey, readStoredEvent } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis, testSeed } from '@holdfast/infra/testing';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { assertSameState } from './compare-states.ts';
import {
  countOutcome,
  missingOutcomes,
  type OutcomeCounts,
  printOutcomes,
} from './outcome-counts.ts';
import { randomCommand } from './random-commands.ts';
import {
  CHART,
  DAY_MS,
  FREE_POLICY,
  numberedEvent,
  POLICY,
  type RandomCommand,
  SEATS,
  TIGHT_POLICY,
} from './universe.ts';

const SEQUENCES = 2_000;
const COMMANDS_MAX = 80;

type Play = {
  readonly event: EventId;
  readonly redis: Redis;
  readonly scripts: HoldStore;
  readonly counts: OutcomeCounts;
};

/** Time passes by moving the event's shift in both worlds, so nothing here sleeps (I6). */
type Action = { readonly wait: number } | RandomCommand;

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 9, arbitrary: randomCommand },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(1, 1_000, 2_500, 2_500, 4_990, 5_000, 9_000, 31_000, DAY_MS)
      .map((wait) => ({ wait })),
  },
);

/** Most sequences begin with an open event, some with one that is being loaded or was never. */
type Start = 'nothing' | 'begun' | 'loaded';
const STARTS: readonly Start[] = [
  'nothing',
  'begun',
  ...Array.from({ length: 8 }, () => 'loaded' as const),
];

const sequence = fc.record({
  start: fc.constantFrom(...STARTS),
  policy: fc.constantFrom(POLICY, TIGHT_POLICY, TIGHT_POLICY, FREE_POLICY),
  draft: fc.nat(9).map((number) => number === 0),
  /** The sale is closed before this action, in one of three sequences. */
  closesAt: fc.nat(3 * COMMANDS_MAX),
  actions: fc.array(action, { minLength: 1, maxLength: COMMANDS_MAX, size: 'max' }),
});

const machine = suite('the reference model and the Lua scripts are one machine');
let server: TestRedis;
let redis: Redis;

machine.before(async () => {
  server = await startTestRedis();
  redis = server.connect();
});
machine.after(async () => {
  await redis.quit();
  await server.stop();
});

machine(
  'I1, I3, I6: the same random commands get the same answers and leave the same state, in every (transition, outcome) pair',
  async () => {
    const counts: OutcomeCounts = new Map();
    const scripts = createRedisHoldStore({ redis });
    let number = 0;
    const agrees = fc.asyncProperty(sequence, async (given) => {
      number += 1;
      const event = numberedEvent(number);
      await playSequence({ event, redis, scripts, counts }, given);
    });
    const seed = testSeed('model agrees');
    await fc.assert(agrees, { numRuns: SEQUENCES, seed, includeErrorInReport: true });
    printOutcomes(counts);
    assert.equal(missingOutcomes(counts), [], 'every pair occurred');
  },
  { timeoutMs: 240_000 },
);

machine.run();

async function playSequence(
  play: Play,
  given: {
    start: Start;
    policy: Policy;
    draft: boolean;
    closesAt: number;
    actions: readonly Action[];
  },
): Promise<void> {
  const clock = { timeMs: 0 };
  const model = createModelHoldStore({ nowMs: () => clock.timeMs });
  const state = model.state(play.event);
  let lastNowMs = 0;

  const both = async (verb: string, send: (store: HoldStore) => Promise<Answer>): Promise<void> => {
    const real = await send(play.scripts);
    // The model judges by the instant the script used; a rebase moves it by its own jump.
    clock.timeMs = real.nowMs - Number((await play.redis.hget(metaKey(play), 'shift')) ?? 0);
    const epoch = state.epoch;
    const modelled = await send(model);
    if (state.epoch !== epoch) adoptEpoch(state, real, epoch);
    assert.equal(withEpoch(modelled, state.epoch), real, verb);
    lastNowMs = real.nowMs;
    countOutcome(play.counts, verb, real.outcome);
  };

  if (given.start !== 'nothing') {
    const load = {
      token: 'token-0',
      chartHash: CHART,
      seatCount: SEATS,
      sale: given.draft ? 'draft' : 'open',
      policy: given.policy,
      version: 1,
    } as const;
    await both('load_begin', (store) => store.loadBegin(play.event, load));
  }
  if (given.start === 'loaded') {
    await both('load_end', (store) => store.loadEnd(play.event, { token: 'token-0' }));
  }
  for (const [at, step] of given.actions.entries()) {
    if (at === given.closesAt) {
      await both('sale', (store) => store.sale(play.event, { next: 'closed', version: 2 }));
    }
    if ('wait' in step) {
      if (state.epoch === '0') continue;
      state.shiftMs += step.wait;
      await play.redis.hincrby(metaKey(play), 'shift', step.wait);
    } else {
      const send = step.prepare({ event: play.event, state, lastNowMs });
      await both(step.verb, send);
    }
  }
  await assertSameHeads(play, model);
  assertSameState(await readStoredEvent(play.redis, play.event), state);
}

/** The two reads that answer for many events at once and have no outcome to count. */
async function assertSameHeads({ event, scripts }: Play, model: HoldStore): Promise<void> {
  assert.equal(await scripts.heads([event]), await model.heads([event]), 'heads');
  const [real] = await scripts.nextDue([event]);
  const [modelled] = await model.nextDue([event]);
  assert.equal(real?.dueAtMs, modelled?.dueAtMs, 'next due');
  assert.equal(real?.clock, modelled?.clock, 'how the clock is set');
}

type Answer = { readonly outcome: string; readonly nowMs: number };
type Placed = Answer & { readonly position: { readonly epoch: string } };

function metaKey({ event }: Play): string {
  return eventKey(event, 'meta');
}

/** Epochs are microseconds of Redis' clock, which the model does not have: it takes the real one, which must have grown. */
function adoptEpoch(state: { epoch: string; clock: string }, real: Answer, before: string): void {
  const { epoch } = (real as Placed).position; // every reply of the port carries a position
  assert.ok(BigInt(epoch) > BigInt(before), 'a new epoch is greater than the old one');
  // A load names the clock by its epoch.
  if (state.clock === `${state.epoch}.0`) state.clock = `${epoch}.0`;
  state.epoch = epoch;
}

function withEpoch(answer: Answer, epoch: string): Answer {
  const { position } = answer as Placed; // every reply of the port carries a position
  return { ...answer, position: { ...position, epoch } } as Placed;
}
