import {
  createClockViews,
  type ExpireDueReply,
  type Position,
  TRUSTED_ROUND_TRIP_MS,
} from '@holdfast/db/model';
import { Registry } from '@holdfast/infra/runtime';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { BATCHES_PER_TURN_MAX, createSweep, JUMPS_PER_TURN_MAX } from '../src/sweep.ts';
import { createWorkerMetrics } from '../src/worker-metrics.ts';
import { GALA, LOGGER } from './rig.ts';

const test = suite('sweep');
const position: Position = { epoch: '1', offset: 0, chain: '0'.repeat(16) };
const judged = { nowMs: 0, position, entries: [] };
const swept = { ...judged, outcome: 'swept', ended: [], looks: [], more: false } as const;
const jumped = {
  ...judged,
  outcome: 'clock.jumped',
  jumpMs: 61_000,
  shiftMs: 0,
  clock: '1.0',
} as const;

/** A sweep of a store that answers as told; `answerMs` is how long each answer takes. */
function rig(
  answer: (call: number) => ExpireDueReply,
  answerMs = 0,
  rebased: 'rebased' | 'rebase.stale' = 'rebase.stale',
) {
  const ambient = createManualAmbient();
  const clocks = createClockViews(ambient.clock);
  let calls = 0;
  let rebases = 0;
  let strange = 0;
  const sweep = createSweep({
    store: {
      expireDue: async () => {
        calls += 1;
        await ambient.advance(answerMs);
        return answer(calls);
      },
      rebase: async () => {
        rebases += 1;
        return { ...judged, outcome: rebased };
      },
    },
    ambient,
    clocks,
    logger: LOGGER,
    metrics: createWorkerMetrics(new Registry()),
    onSetAnew: () => {
      strange += 1;
    },
    onSwept: () => undefined,
  });
  return { sweep, clocks, calls: () => calls, rebases: () => rebases, strange: () => strange };
}

test('a sweep goes on in batches until nothing more is due', async () => {
  const { sweep, calls } = rig((call) => ({ ...swept, more: call < 5 }));
  await sweep(GALA);
  assert.is(calls(), 5);
});

test('a turn is bounded however much is due', async () => {
  const { sweep, calls } = rig(() => ({ ...swept, more: true }));
  await sweep(GALA);
  assert.is(calls(), BATCHES_PER_TURN_MAX);
});

test('a jump that another worker rebased meanwhile is simply asked again', async () => {
  const { sweep, calls, rebases } = rig((call) => (call === 1 ? jumped : swept));
  await sweep(GALA);
  assert.equal([calls(), rebases()], [2, 1]);
});

for (const [what, clock] of [
  ['settled by another worker', '1.1'],
  ['begun anew by a load', '2.0'],
] as const) {
  test(`a clock that was ${what} since it was seen is no jump: nobody's deadline moves, and nothing is ended by it until it is familiar (I6)`, async () => {
    const { sweep, clocks, calls, rebases, strange } = rig((call) =>
      call === 1 ? { ...jumped, clock } : swept,
    );
    clocks.accept(GALA, 0, 0, '1.0');
    await sweep(GALA);
    assert.equal([calls(), rebases(), strange()], [1, 0, 1]);
  });
}

test('row 32, I6: a clock that jumps again in the moment in which it was settled is settled again, not taken for one set anew', async () => {
  const again = { ...jumped, clock: '1.1', jumpMs: -661_000 };
  const { sweep, clocks, rebases, strange } = rig(
    (call) => (call === 1 ? jumped : call === 2 ? again : swept),
    0,
    'rebased',
  );
  clocks.accept(GALA, 0, 0, '1.0');
  await sweep(GALA);
  assert.equal([rebases(), strange()], [2, 0]);
});

test('a clock whose settling was forgotten is settled again', async () => {
  const { sweep, clocks, rebases } = rig((call) => (call === 1 ? jumped : swept));
  clocks.accept(GALA, 0, 0, '1.1');
  await sweep(GALA);
  assert.is(rebases(), 1);
});

test('a clock that does not settle is left to the next turn', async () => {
  const { sweep, rebases } = rig(() => jumped);
  await sweep(GALA);
  assert.is(rebases(), JUMPS_PER_TURN_MAX);
});

test("a worker that may have stood still moves nobody's deadline: it looks at its clock again", async () => {
  const { sweep, calls, rebases } = rig(
    (call) => (call === 1 ? jumped : swept),
    TRUSTED_ROUND_TRIP_MS + 1,
  );
  await sweep(GALA);
  assert.equal([calls(), rebases()], [2, 0]);
});

test('an event that is being loaded has nothing to end', async () => {
  const { sweep, calls } = rig(() => ({ ...judged, outcome: 'event.loading' }));
  await sweep(GALA);
  assert.is(calls(), 1);
});

test.run();
