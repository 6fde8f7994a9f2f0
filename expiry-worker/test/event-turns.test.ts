import { eventId } from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createEventTurns } from '../src/event-turns.ts';

const test = suite('event turns');
const GALA = eventId('gala');
const LIMIT_MS = 1_000;

function rig(task: (run: number) => Promise<void>) {
  const ambient = createManualAmbient();
  const troubles: unknown[] = [];
  let runs = 0;
  const turns = createEventTurns({
    timers: ambient.timers,
    limitMs: LIMIT_MS,
    task: () => {
      runs += 1;
      return task(runs);
    },
    onTrouble: (_event, error) => troubles.push(error),
  });
  return { ambient, turns, troubles, runs: () => runs };
}

test('a hundred questions during a run are answered by one more run', async () => {
  const first = Promise.withResolvers<void>();
  const { ambient, turns, runs } = rig((run) => (run === 1 ? first.promise : Promise.resolve()));
  for (let ask = 0; ask < 100; ask += 1) turns.ask(GALA);
  assert.is(runs(), 1);
  first.resolve();
  await ambient.settle();
  assert.is(runs(), 2);
  assert.is(ambient.armed(), 0);
});

test('events do not wait for each other', async () => {
  const { turns, runs } = rig(() => new Promise(() => undefined));
  turns.ask(GALA);
  turns.ask(eventId('matinee'));
  assert.is(runs(), 2);
});

test('a run that hangs gives up its turn and is told', async () => {
  const { ambient, turns, runs, troubles } = rig(() => new Promise(() => undefined));
  turns.ask(GALA);
  await ambient.advance(LIMIT_MS);
  turns.ask(GALA);
  assert.is(runs(), 2);
  assert.is(troubles.length, 1);
});

test('a run that fails is told and the next one runs', async () => {
  const { ambient, turns, runs, troubles } = rig(() => Promise.reject(new Error('away')));
  turns.ask(GALA);
  await ambient.settle();
  turns.ask(GALA);
  await ambient.settle();
  assert.is(runs(), 2);
  assert.is(troubles.length, 2);
});

test('draining finishes the run in hand and takes no more', async () => {
  const first = Promise.withResolvers<void>();
  const { ambient, turns, runs } = rig(() => first.promise);
  turns.ask(GALA);
  turns.ask(GALA);
  let drained = false;
  const done = turns.drain().then(() => {
    drained = true;
  });
  await ambient.settle();
  assert.is(drained, false);
  first.resolve();
  await done;
  turns.ask(GALA);
  assert.is(runs(), 1);
});

test.run();
