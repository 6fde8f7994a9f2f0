import { realAmbient } from '@holdfast/infra/runtime';
import { suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { againCommand, reportLines, roundLines } from '../testing/chaos/chaos-report.ts';
import { type ChaosOutcome, runChaos } from '../testing/chaos/chaos-run.ts';
import { HELP, readChaosWords } from '../testing/chaos/command-words.ts';
import { FAULTS } from '../testing/chaos/faults.ts';

const ROUND_MS = 60_000;

const test = suite('chaos');

test(
  'I1, I3, I4, I5, rows 1, 7, 8, 9, 15, 16, 33, 34: 50 shoppers for 60 s on 2 APIs, 2 hubs and 2 workers that are killed, drained and paused, with connections cut, notices off and Redis silent: the audit is clean and every viewer is right',
  async () => {
    const seed = testSeed('chaos');
    const outcome = await runChaos({
      ...{ seed, ambient: realAmbient(), roundMs: ROUND_MS },
      goesOn: () => false,
      onRound: (round) => console.log(roundLines(round, ROUND_MS).join('\n')),
    });
    console.log(reportLines(outcome, ROUND_MS).join('\n'));
    assert.equal(
      outcome.rounds.flatMap(({ findings }) => findings),
      [],
    );
    assert.is(outcome.repairs, 0, 'no reader had a seat wrong without noticing');
    assertVariety(outcome);
  },
  { timeoutMs: 240_000 },
);

/** A run in which nothing went wrong, or nobody bought, would prove little. */
function assertVariety({ tally }: ChaosOutcome): void {
  for (const fault of FAULTS) assert.ok(tally.of('fault', fault) > 1, `${fault} happened`);
  for (const status of ['held', 'released', 'expired', 'revoked']) {
    assert.ok(tally.of('holds at the end', status) > 0, `some hold is ${status}`);
  }
  assert.ok(tally.of('place', 'held') > 100, 'many a hold was placed');
  assert.ok(tally.of('place again', 'held') > 0, 'some place was answered at the second asking');
  assert.is(tally.of('own reading', 'met a wrong digest'), 0);
  for (const verb of ['place', 'amend', 'extend', 'release', 'look']) {
    assert.is(tally.of(verb, 'server.fault'), 0, `no ${verb} met a fault of the API`);
  }
}

test('the command reads its words, and says what is wrong with others', () => {
  assert.equal(readChaosWords(['--minutes', '0.5', '--seed', '7']), {
    kind: 'run',
    minutes: 0.5,
    seed: 7,
  });
  assert.equal(readChaosWords([]), { kind: 'run', minutes: 5, seed: null });
  assert.is(readChaosWords(['--help']).kind, 'help');
  for (const wrong of [
    ['--minutes', '0'],
    ['--minutes', 'x'],
    ['--seed', '-1'],
    ['--sed', '1'],
  ]) {
    const words = readChaosWords(wrong);
    assert.is(words.kind, 'refused', wrong.join(' '));
  }
  assert.ok(HELP.includes('--seed S'));
});

test('a round with findings tells each of them and how to begin with it again', () => {
  const findings = ['told.overlap: Two have one seat.'];
  const round = { number: 3, seed: 9, findings, feedRecords: 5, calmedMs: 1 };
  const told = roundLines(round, 1_000).join('\n');
  assert.ok(told.includes('told.overlap: Two have one seat.'));
  assert.ok(told.includes(againCommand(9)));
  assert.is(roundLines({ ...round, findings: [] }, 1_000).length, 1);
});

test.run();
