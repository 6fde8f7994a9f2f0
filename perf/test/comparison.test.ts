import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { interleave } from '../src/harness/interleave.ts';
import { limitOtherThan } from '../src/harness/load-limit.ts';
import { ratioOf } from '../src/harness/ratio.ts';

const comparison = suite('comparison of variants');
const rates = (...values: number[]) => values.map((perSecond) => ({ perSecond }));

comparison('variants run A B B A in every round, so that drift falls on both', async () => {
  const order: string[] = [];
  const variant = (name: string) => async (slice: number) => {
    order.push(`${name}${slice}`);
    return { perSecond: slice };
  };
  const samples = await interleave({ a: variant('a'), b: variant('b') }, 2);
  assert.equal(order, ['a0', 'b0', 'b1', 'a1', 'a2', 'b2', 'b3', 'a3']);
  assert.equal(samples.b, rates(0, 1, 2, 3));
});

comparison('three variants go forward and back alike', async () => {
  const order: string[] = [];
  const variant = (name: string) => async () => {
    order.push(name);
    return { n: 1 };
  };
  await interleave({ a: variant('a'), b: variant('b'), c: variant('c') }, 1);
  assert.is(order.join(' '), 'a b c c b a');
});

comparison('a ratio is taken pair by pair: a machine that slows down changes nothing', () => {
  const peer = rates(100, 95, 90);
  const candidate = rates(50, 47.5, 45);
  const ratio = ratioOf('half', 'perSecond', { candidate, peer });
  assert.is(ratio.kind, 'ratio');
  if (ratio.kind !== 'ratio') return;
  assert.equal(ratio.of, { median: 0.5, min: 0.5, max: 0.5, count: 3 });
});

comparison('no ratio is reported when the peer itself lies more than 15 % apart', () => {
  const peer = rates(100, 100, 84);
  const ratio = ratioOf('half', 'perSecond', { candidate: rates(50, 50, 50), peer });
  assert.is(ratio.kind, 'withheld');
  if (ratio.kind !== 'withheld') return;
  assert.match(ratio.why, /16\.0 % from its median \(limit 15\.0 %\)/);
});

comparison('an unsteady candidate is reported as it is: only the peer judges the machine', () => {
  const ratio = ratioOf('x', 'perSecond', { candidate: rates(10, 90), peer: rates(100, 100) });
  assert.is(ratio.kind, 'ratio');
});

comparison(
  'a ratio needs as many slices of the one as of the other, and the metric in each',
  () => {
    const [one, two] = [rates(1), rates(1, 2)];
    assert.throws(() => ratioOf('x', 'perSecond', { candidate: one, peer: two }), /pairs/);
    const blind = [{ other: 1 }];
    assert.throws(
      () => ratioOf<Record<string, number>>('x', 'perSecond', { candidate: blind, peer: blind }),
      /not a number/,
    );
  },
);

comparison('a load generator that is the bottleneck is named', () => {
  const api = { name: 'the API', share: 0.5 };
  assert.is(limitOtherThan({ ...api, share: 0.97 }, { name: 'the load', share: 1 }), null);
  const limited = limitOtherThan(api, { name: 'the load', share: 0.99 });
  assert.match(limited ?? '', /the load was the bottleneck \(99 %\)/);
  const neither = limitOtherThan(api, { name: 'the load', share: 0.4 });
  assert.match(neither ?? '', /neighbours or round trips/);
});

comparison.run();
