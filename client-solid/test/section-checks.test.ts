import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { connectionWords } from '../src/page/words.ts';
import { createSectionChecks } from '../src/shop/section-checks.ts';

const test = suite('sections being checked');

test('a section counts from the digest that differs until it is shown anew', () => {
  const checks = createSectionChecks();
  assert.is(checks.note(3, 'shown'), 0);
  assert.is(checks.note(3, 'checking'), 1);
  assert.is(checks.note(7, 'checking'), 2);
  assert.is(checks.note(3, 'checking'), 2);
  assert.is(checks.note(3, 'shown'), 1);
  assert.is(checks.note(7, 'unknown'), 0);
});

test('while sections are checked the badge says how many, and that their seats may change', () => {
  const words = (count: number) => connectionWords({ kind: 'catching-up' }, count);
  assert.is(words(0).label, 'Catching up');
  assert.is(words(1).label, 'Checking 1 section');
  assert.is(words(12).label, 'Checking 12 sections');
  assert.match(words(1).detail, 'asked for anew');
});

test('a check is no news where the connection itself is the trouble, or all is live', () => {
  for (const kind of ['live', 'offline'] as const) {
    assert.equal(connectionWords({ kind }, 2), connectionWords({ kind }, 0));
  }
});

test.run();
