import { seatCategories, seatLabels } from '@holdfast/db/model';
import { seededFraction, suite, testSeed } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createSeatNames } from '../src/map/seat-names.ts';
import { scatteredChart } from './scattered-chart.ts';

const test = suite('seat names');

test('labels and indexes are those of the model, both ways', () => {
  const chart = scatteredChart(seededFraction(testSeed('names')), 130);
  const names = createSeatNames(chart);
  const categories = seatCategories(chart);
  for (const [seat, label] of seatLabels(chart).entries()) {
    assert.is(names.nameOf(seat).label, label);
    assert.is(names.nameOf(seat).number, names.numberOf(seat));
    assert.is(names.seatOf(label), seat);
    assert.is(names.placeOf(seat).category, categories[seat]);
  }
});

test('a row with labels of its own is found by them', () => {
  const chart = scatteredChart(() => 0.5, 20);
  const [section] = chart.sections;
  const row = section?.rows[0];
  if (section === undefined || row === undefined) throw new Error('the chart has a row');
  const labels = row.numbers.map((number) => `uuid:${number}`);
  const names = createSeatNames({
    ...chart,
    sections: [{ ...section, rows: [{ ...row, labels }] }],
  });
  assert.is(names.seatOf('uuid:7'), 6);
  assert.is(names.nameOf(6).label, 'uuid:7');
  assert.is(names.seatOf('A-1-7'), -1);
});

test('an unknown label has no seat, an unknown seat no name', () => {
  const names = createSeatNames(scatteredChart(() => 0.5, 20));
  assert.is(names.seatOf('A-1-99'), -1);
  assert.is(names.seatOf('__proto__'), -1);
  assert.throws(() => names.nameOf(20), RangeError);
  assert.throws(() => names.nameOf(-1), RangeError);
  assert.is(names.numberOf(20), '');
});

test.run();
