import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { Figure, FigureResult } from '../src/harness/figure.ts';
import { withReleases } from '../src/harness/release-stack.ts';
import { runFigure } from '../src/harness/run-figure.ts';
import { number, tableOf } from '../src/harness/table.ts';

const runs = suite('the run of a figure');

const RESULT: FigureResult = {
  measures: [{ label: 'holds', unit: '/s', value: 1_234.5, low: 1_000, high: 1_500 }],
  ratios: [{ kind: 'withheld', label: 'beside', why: 'the peer moved', peerSpread: 0.3 }],
  checks: [{ what: 'no seat has two holders', passed: true }],
  notes: ['One note.'],
};

const quiet = { quick: true, say: () => undefined, signal: new AbortController().signal };

function figure(run: Figure['run']): Figure {
  return { name: 'one', title: 'One figure', limitMs: 5_000, run };
}

runs(
  'all checks passed: measured, with every number, ratio, check and note in the table',
  async () => {
    const end = await runFigure(
      figure(async () => RESULT),
      quiet,
    );
    assert.is(end.outcome, 'measured');
    const table = tableOf(end);
    assert.match(table, '1,235 /s  (1,000 to 1,500)');
    assert.match(table, 'no ratio: the peer moved');
    assert.match(table, 'ok      no seat has two holders');
    assert.match(table, '- One note.');
  },
);

runs(
  'one failed check makes the figure a failure, and so does a figure without any check',
  async () => {
    const checks = [...RESULT.checks, { what: 'the maps are equal', passed: false }];
    const failed = await runFigure(
      figure(async () => ({ ...RESULT, checks })),
      quiet,
    );
    assert.is(failed.outcome, 'failed');
    assert.match(tableOf(failed), 'FAILED  the maps are equal');
    const unchecked = await runFigure(
      figure(async () => ({ ...RESULT, checks: [] })),
      quiet,
    );
    assert.is(unchecked.outcome, 'failed');
  },
);

runs('what breaks is told in one sentence and takes no other figure with it', async () => {
  const end = await runFigure(
    figure(async () => {
      throw new Error('Redis did not start.\nwith a second line');
    }),
    quiet,
  );
  assert.is(end.outcome === 'broken' && end.why, 'Redis did not start.');
});

runs('what a figure began is undone backwards, all of it, also when it fails', async () => {
  const undone: string[] = [];
  const failing = withReleases(async (releases) => {
    releases.add('redis', (name) => undone.push(name));
    releases.add('api', (name) => {
      undone.push(name);
      throw new Error('would not stop');
    });
    throw new Error('the figure broke');
  });
  const error = await failing.catch((thrown: unknown) => thrown);
  assert.match(String(error), 'the figure broke');
  assert.equal(undone, ['api', 'redis']);
});

runs('numbers have three digits, from a hundred on none behind the point', () => {
  assert.equal([0.012345, 12.345, 123.45, 12_345.6, 7].map(number), [
    '0.0123',
    '12.3',
    '123',
    '12,346',
    '7',
  ]);
});

runs.run();
