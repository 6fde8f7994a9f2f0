import { eventId, type HoldId, holdId } from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createHoldRollCall } from '../src/hub/hold-roll-call.ts';

const test = suite('roll call of holds');
const GALA = eventId('gala');
const OUTAGE_MS = 60_000;
const MATINEE = eventId('matinee');

function hold(number: number): HoldId {
  return holdId(`gala.${`hold-${number}`.padEnd(22, '_')}`);
}

function hall(answers: (holds: readonly HoldId[]) => Promise<ReadonlySet<HoldId>>) {
  const ambient = createManualAmbient();
  const asked: (readonly HoldId[])[] = [];
  const failures: unknown[] = [];
  const rollCall = createHoldRollCall({
    store: {
      knownHolds: (_event, holds) => {
        asked.push(holds);
        return answers(holds);
      },
    },
    ambient,
    onFailure: (error) => failures.push(error),
  });
  return { ambient, asked, failures, rollCall };
}

test('questions of one moment are one read; only who is forgotten is told', async () => {
  const { ambient, asked, rollCall } = hall(async () => new Set([hold(1)]));
  const lost: number[] = [];
  for (const number of [1, 2, 3]) rollCall.ask(GALA, hold(number), () => lost.push(number));
  await ambient.advance(1_000);
  assert.equal(asked, [[hold(1), hold(2), hold(3)]]);
  assert.equal(lost, [2, 3]);
  assert.is(ambient.armed(), 0);
});

test('every event has its own reads, of a thousand holds at most', async () => {
  const { ambient, asked, rollCall } = hall(async () => new Set());
  let lost = 0;
  const tell = (): void => {
    lost += 1;
  };
  rollCall.ask(MATINEE, hold(0), tell);
  for (let number = 0; number < 2_500; number += 1) rollCall.ask(GALA, hold(number), tell);
  await ambient.advance(1_000);
  assert.equal(
    asked.map((holds) => holds.length),
    [1, 1_000, 1_000, 500],
  );
  assert.is(lost, 2_501);
});

test('a store that does not answer is asked again until it does: nobody is told before', async () => {
  const { ambient, failures, rollCall } = hall(async () => {
    if (ambient.clock.monotonicMs() < OUTAGE_MS) throw new Error('no connection');
    return new Set();
  });
  let told = 0;
  rollCall.ask(GALA, hold(1), () => {
    told += 1;
  });
  await ambient.advance(OUTAGE_MS - 1);
  assert.is(told, 0);
  assert.ok(failures.length > 3 && failures.length < 60, `${failures.length} attempts in a minute`);
  await ambient.advance(10_000);
  assert.is(told, 1);
});

test('a roll call that was stopped asks nothing more', async () => {
  const { ambient, asked, rollCall } = hall(async () => new Set());
  rollCall.ask(GALA, hold(1), () => undefined);
  rollCall.stop();
  await ambient.advance(1_000);
  assert.equal(asked, []);
});

test.run();
