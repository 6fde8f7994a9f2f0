import type { Problem } from '@holdfast/booking-api/contract';
import { PROBLEM_CODES } from '@holdfast/booking-api/contract';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createSeatNames } from '../src/map/seat-names.ts';
import { moneyFormat } from '../src/page/money.ts';
import { connectionWords, saleBanner, wordsOf } from '../src/page/words.ts';
import { placeOf } from '../src/path-router.ts';
import { squareChart } from './scattered-chart.ts';

const test = suite('words');
const NAMES = createSeatNames(squareChart(3, 4));

test('who was slower reads which seats are taken, and that the basket is as it was', () => {
  const one = wordsOf({ kind: 'taken', seats: ['A-1-2'] }, NAMES).text;
  assert.match(one, /Section A, row 1, seat 2 is taken/);
  assert.match(one, /basket is as it was/);
  const two = wordsOf({ kind: 'taken', seats: ['A-1-2', 'A-3-4'] }, NAMES).text;
  assert.match(two, /seat 2 and Section A, row 3, seat 4 are taken/);
});

test('every refusal of the API becomes a sentence with a next step', () => {
  for (const code of PROBLEM_CODES) {
    const problem: Problem = {
      type: `urn:holdfast:problem:${code}`,
      title: 'A title',
      status: 409,
      detail: '',
      instance: '',
      code,
      next: 'stop',
      advice: 'Some advice.',
    };
    const { text } = wordsOf({ kind: 'refused', problem }, NAMES);
    assert.match(text, /\.$/, code);
    assert.not.match(text, /undefined|\.\./, code);
  }
});

test('who held for long without buying reads what is allowed now and how long to wait', () => {
  const problem: Problem = {
    ...{ type: '', title: '', status: 429, instance: '', code: 'budget.spent', next: 'retry' },
    ...{ advice: '', detail: 'A hold may have at most 2.' },
  };
  const textOf = (retryAfterMs: number) =>
    wordsOf({ kind: 'refused', problem: { ...problem, retryAfterMs } }, NAMES).text;
  assert.is(textOf(59_000), 'A hold may have at most 2. Please try again in a minute.');
  assert.match(textOf(61_000), /in 2 minutes, or buy what you hold\.$/);
});

test('a seat label that the chart does not know is shown as it is', () => {
  assert.match(wordsOf({ kind: 'lost', seats: ['Z-9-9'] }, NAMES).text, /Z-9-9/);
});

test('an open sale needs no banner, every other state has one', () => {
  assert.is(saleBanner('open'), null);
  for (const sale of ['draft', 'paused', 'closed'] as const)
    assert.type(saleBanner(sale), 'string');
});

test('every connection state has a label', () => {
  for (const kind of ['live', 'unverified', 'catching-up', 'offline'] as const) {
    assert.ok(connectionWords({ kind }, 0).label.length > 0);
  }
  assert.is(connectionWords({ kind: 'outdated', what: 'page' }, 0).label, 'Outdated');
});

test('money has the decimals of its currency, and round amounts none', () => {
  assert.is(moneyFormat('GBP', 'en-GB')(4_550), '£45.50');
  assert.is(moneyFormat('GBP', 'en-GB')(4_500), '£45');
  assert.is(moneyFormat('JPY', 'en-GB')(4_500), 'JP¥4,500');
  assert.is(moneyFormat('KWD', 'en-GB')(4_500).replace(/\s/, ' '), 'KWD 4.500');
});

test('a path is a page, and a path of no page is told as unknown', () => {
  assert.equal(placeOf('/'), { page: 'events' });
  assert.equal(placeOf('/events/cup-final'), { page: 'event', event: 'cup-final' });
  assert.equal(placeOf('/events/cup-final/'), { page: 'event', event: 'cup-final' });
  for (const path of ['/x', '/events/__proto__', '/events/a/b', `/events/${'a'.repeat(41)}`]) {
    assert.equal(placeOf(path), { page: 'unknown' });
  }
});

test.run();
