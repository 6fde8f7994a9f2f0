import type { JournalEntry } from '@holdfast/db/audit';
import {
  createModelHoldStore,
  DEFAULT_POLICY,
  eventId,
  mintHoldId,
  ownerId,
  type PlaceCommand,
} from '@holdfast/db/model';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { HELP, readSimulateWords, replayCommand } from '../testing/simulator/command-words.ts';
import { createRefusalCheck } from '../testing/simulator/refusal-check.ts';
import { seededChance } from '../testing/simulator/seeded-chance.ts';
import { createSimulatedTime } from '../testing/simulator/simulated-time.ts';
import { createToldJournal } from '../testing/simulator/told-entries.ts';

const test = suite('parts of the simulator');

const EVENT = eventId('gala');
const CHART = 'c'.repeat(32);

function placing(requestId: string, seat: number): PlaceCommand {
  return {
    holdId: mintHoldId(EVENT, seededChance(1, requestId)),
    owner: ownerId(requestId),
    addressHash: '',
    seats: [seat],
    quote: { currency: 'EUR', priceVersion: CHART, amounts: [100] },
    chartHash: CHART,
    idemField: '',
    bodyHash: '',
    trail: { actor: 'shopper', reason: 'place', requestId, traceId: '' },
  };
}

test('tasks run in the order of their instants, equal ones as they were planned, and pending promises in between', async () => {
  const time = createSimulatedTime();
  const ran: string[] = [];
  const note = (name: string) => () => void ran.push(`${name} at ${time.nowMs}`);
  time.at(20, note('late'));
  time.at(10, () => {
    note('first')();
    void Promise.resolve()
      .then(() => undefined)
      .then(note('promise'));
  });
  time.at(10, note('second'));
  time.firstAt(10, note('before all'));
  const cancelled = time.at(15, note('never'));
  cancelled.task = null;
  await time.runUntil(19);
  const early = ['before all at 10', 'first at 10', 'promise at 10', 'second at 10'];
  assert.equal(ran, early);
  assert.is(time.nowMs, 19);
  await time.runUntil(20);
  assert.equal(ran, [...early, 'late at 20']);
});

test('thousands of tasks keep their order', async () => {
  const time = createSimulatedTime();
  const chance = seededChance(1, 'order');
  const ran: number[] = [];
  for (let at = 0; at < 5_000; at += 1) {
    const atMs = chance.below(500);
    time.at(atMs, () => ran.push(atMs));
  }
  await time.runUntil(500);
  assert.is(ran.length, 5_000);
  assert.ok(ran.every((atMs, at) => atMs >= (ran[at - 1] ?? 0)));
});

test('what a task throws ends the run', async () => {
  const time = createSimulatedTime();
  time.at(1, () => {
    throw new Error('of the task');
  });
  await time.runUntil(10).then(
    () => assert.unreachable(),
    (error: unknown) => assert.match(String(error), 'of the task'),
  );
});

test('streams of chance are the same for the same seed and name, and others for another name', () => {
  const draw = (seed: number, name: string): string => seededChance(seed, name).bytes(16).join();
  assert.is(draw(5, 'api-0'), draw(5, 'api-0'));
  assert.is.not(draw(5, 'api-0'), draw(5, 'api-1'));
  assert.is.not(draw(5, 'api-0'), draw(6, 'api-0'));
});

test('I5: a request that was refused and changed something is told, in either order', async () => {
  for (const order of ['before', 'after']) {
    const told: string[] = [];
    const check = createRefusalCheck((code) => void told.push(code));
    const store = check.watch(createModelHoldStore({ nowMs: () => 1 }));
    const load = { token: 't', chartHash: CHART, seatCount: 4, version: 1 };
    await store.loadBegin(EVENT, { ...load, sale: 'open', policy: DEFAULT_POLICY });
    await store.loadEnd(EVENT, { token: 't' });
    if (order === 'after') check.refused('request-1', 'seats.unavailable');
    await store.place(EVENT, placing('request-1', 0));
    if (order === 'before') check.refused('request-1', 'seats.unavailable');
    assert.equal(told, ['refused.changed'], order);
    await store.place(EVENT, placing('request-2', 0));
    check.refused('request-2', 'seats.unavailable');
    assert.is(told.length, 1, 'a refusal that changed nothing is none');
  }
});

test('a question whose answer was lost ends the claim as of its asking, whatever was heard while it was waited for (I1)', () => {
  const hold = mintHoldId(EVENT, seededChance(1, 'hold'));
  const entries: JournalEntry[] = [];
  const told = createToldJournal('shopper', { journal: { client: 'shopper', entries } });
  const position = { epoch: '1', offset: 1, chain: 'c' };
  entries.push({ kind: 'held', hold, seats: [1], deadlineMs: 9_000, atMs: 1_000, position });
  told.take(10);
  entries.push({ kind: 'ended', hold, how: 'released', atMs: 2_000 });
  told.take(20);
  entries.push({ kind: 'unsettled', hold, atMs: 1_000 });
  told.take(0);
  assert.equal(
    told.entries.map(({ entry, command }) => `${entry.kind} ${command}`),
    ['held 10', 'ended 20', 'unsettled 10'],
  );
});

test('the command reads its words, and says what is wrong with others', () => {
  assert.equal(readSimulateWords(['--minutes', '0.5', '--seed', '7']), {
    kind: 'run',
    seed: 7,
    limit: { minutes: 0.5 },
    trace: false,
  });
  assert.equal(readSimulateWords(['--episodes', '1', '--trace']), {
    kind: 'run',
    seed: null,
    limit: { episodes: 1 },
    trace: true,
  });
  assert.is(readSimulateWords(['--help']).kind, 'help');
  for (const words of [
    ['--minutes', '0'],
    ['--minutes', 'two'],
    ['--minutes', '-1'],
    ['--seed', '1.5'],
    ['--seed', '99999999999'],
    ['--episodes', '0'],
    ['--episodes', '2', '--minutes', '1'],
    ['--episodes', '2', '--trace'],
    ['--trace'],
    ['--hours', '1'],
    ['seven'],
  ]) {
    assert.is(readSimulateWords(words).kind, 'refused', words.join(' '));
  }
});

test('the command that replays an episode is one that the command understands', () => {
  const words = replayCommand(12).split(' -- ')[1]?.split(' ') ?? [];
  const read = readSimulateWords(words);
  assert.equal(read.kind === 'run' && [read.seed, read.limit], [12, { episodes: 1 }]);
  assert.ok(HELP.includes('--seed'));
});

test.run();
