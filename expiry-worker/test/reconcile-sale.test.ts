import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { saleSteps } from '../src/reconcile-sale.ts';

const test = suite('following the sale');

test('the way to a sale state has only legal steps, and is the shortest', () => {
  assert.equal(saleSteps('open', 'open'), []);
  assert.equal(saleSteps('draft', 'open'), ['open']);
  assert.equal(saleSteps('draft', 'paused'), ['open', 'paused']);
  assert.equal(saleSteps('draft', 'closed'), ['open', 'closed']);
  assert.equal(saleSteps('paused', 'open'), ['open']);
});

test('no way leads out of closed or back to draft', () => {
  assert.is(saleSteps('closed', 'open'), null);
  assert.is(saleSteps('paused', 'draft'), null);
});

test.run();
