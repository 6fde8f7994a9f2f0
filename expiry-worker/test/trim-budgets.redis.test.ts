import { DEFAULT_POLICY } from '@holdfast/db/model';
import { eventKey } from '@holdfast/db/redis';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { BUDGET_CALLS_MAX, BUDGETS_A_CALL, trimBudgets } from '../src/trim-budgets.ts';
import { createRedisRig, type RedisRig } from './redis-rig.ts';
import { GALA, place } from './rig.ts';

const test = suite<RedisRig>('trimming budgets of unbought seat-time');
const OWNERS = 3 * BUDGETS_A_CALL;

test.before(async (rig) => {
  Object.assign(rig, await createRedisRig());
});
test.after(({ drop }) => drop());

test('budgets that have refilled are forgotten in bounded parts, those in use are kept', async ({
  open,
  redis,
  store,
}) => {
  await open(GALA, DEFAULT_POLICY.holdTtlMs);
  const numbers = Array.from({ length: OWNERS }, (_, number) => number);
  await Promise.all(numbers.map((number) => place(store, number, [number])));
  const key = eventKey(GALA, 'budget');
  assert.is(await redis.hlen(key), OWNERS);
  assert.is(await trimBudgets(store, GALA), 0);
  await redis.hset(eventKey(GALA, 'meta'), 'shift', DEFAULT_POLICY.budgetRefillMs);
  const late = await place(store, OWNERS, [OWNERS]);
  assert.is(late.outcome, 'placed');
  let [calls, largest] = [0, 0];
  const counting: Parameters<typeof trimBudgets>[0] = {
    trimBudget: async (event, command) => {
      const reply = await store.trimBudget(event, command);
      calls += 1;
      largest = Math.max(largest, reply.outcome === 'trimmed' ? reply.count : 0);
      return reply;
    },
  };
  assert.is(await trimBudgets(counting, GALA), OWNERS);
  assert.is(await redis.hlen(key), 1);
  assert.ok(calls > 1 && calls <= BUDGET_CALLS_MAX, `${calls} calls`);
  assert.ok(largest < 2 * BUDGETS_A_CALL, `${largest} in one call`);
});

test.run();
