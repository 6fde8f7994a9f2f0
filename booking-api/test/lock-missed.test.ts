import { createRegistry } from '@holdfast/infra/runtime';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createApiMetrics } from '../src/api-metrics.ts';
import { startApiKit } from './api-kit.ts';
import { done } from './checked-client.ts';
import { type Vote, votingLock } from './voting-lock.ts';

const test = suite('what is counted of the lock');
const event = 'evening-show';
const params = { event };

/** `lock_missed_total` after one hold was placed and released under this lock. */
async function missesUnder(vote: Vote): Promise<number> {
  const registry = createRegistry('api');
  const kit = await startApiKit({ lock: votingLock(vote, createApiMetrics(registry).lockMissed) });
  const { chartHash } = await kit.addEvent();
  const shopper = kit.client(await kit.token());
  const body = { seats: ['A-1-1'], chartHash };
  const { id } = done(await shopper.call('placeHold', { params, body }), 201).body;
  done(await shopper.call('releaseHold', { params: { event, hold: id } }), 200);
  await kit.stop();
  const values = (await registry.getSingleMetric('lock_missed_total')?.get())?.values ?? [];
  const text = await registry.metrics();
  for (const { labels, value } of values) {
    assert.is(labels.reason, 'busy');
    assert.match(
      text,
      new RegExp(`^lock_missed_total\\{[^}]*reason="busy"[^}]*\\} ${value}$`, 'm'),
    );
  }
  return values.reduce((sum, { value }) => sum + value, 0);
}

test('a place without its lock goes on, and lock_missed_total says so', async () => {
  assert.is(await missesUnder('never grants'), 1);
});

test('a granted lock is not counted', async () => {
  assert.is(await missesUnder('always grants'), 0);
});

test.run();
