import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createRestartRule } from '../local/processes/restart-rule.ts';

const test = suite('restart rule');

test('a process that keeps dying is started again later and later, five times', () => {
  const next = createRestartRule(() => 0);
  const pauses = Array.from({ length: 7 }, () => next());
  assert.equal(pauses, [250, 500, 1_000, 2_000, 4_000, null, null]);
});

test('ends of more than a minute ago are forgiven', () => {
  let nowMs = 0;
  const next = createRestartRule(() => nowMs);
  for (let hour = 0; hour < 24; hour += 1) {
    nowMs += 3_600_000;
    assert.is(next(), 250);
  }
});

test.run();
