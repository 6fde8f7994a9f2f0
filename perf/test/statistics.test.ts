import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { percentile, spreadOf, summarise } from '../src/harness/statistics.ts';

const statistics = suite('statistics of a run');

statistics('the median of an even count lies between the middle two, with the extremes', () => {
  assert.equal(summarise([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4, count: 4 });
  assert.equal(summarise([9, 5, 7]), { median: 7, min: 5, max: 9, count: 3 });
});

statistics('samples are compared as numbers and left as they were', () => {
  const samples = [10, 9, 100];
  assert.is(summarise(samples).median, 10);
  assert.equal(samples, [10, 9, 100]);
});

statistics('a percentile is a sample that was measured (nearest rank)', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  assert.is(percentile(hundred, 0.5), 50);
  assert.is(percentile(hundred, 0.99), 99);
  assert.is(percentile(hundred, 1), 100);
  assert.is(percentile([3, 1, 2], 0.99), 3);
  assert.is(percentile([3, 1, 2], 0), 1);
});

statistics('nothing measured, or something that is no number, is an error and not a figure', () => {
  assert.throws(() => summarise([]), /nothing was measured/);
  assert.throws(() => percentile([], 0.5), /nothing was measured/);
  assert.throws(() => summarise([1, Number.NaN]), /not a number/);
});

statistics('spread is the distance of the farthest sample, as a part of the median', () => {
  assert.is(spreadOf(summarise([90, 100, 110])), 0.1);
  assert.is(spreadOf(summarise([60, 100, 110])), 0.4);
  assert.is(spreadOf(summarise([0, 0])), 0);
  assert.is(spreadOf(summarise([-1, 0, 1])), Number.POSITIVE_INFINITY);
});

statistics.run();
