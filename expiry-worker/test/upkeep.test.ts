import type { EventHead, EventId } from '@holdfast/db/model';
import { eventId } from '@holdfast/db/model';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createUpkeep, UPKEEP_PERIOD_MS } from '../src/upkeep.ts';
import { CHART_HASH, showOf } from './rig.ts';

const test = suite('upkeep');
const EVENTS: readonly EventId[] = ['one', 'two', 'three'].map(eventId);
const { seatCount, sale, policy, version } = showOf();
const position = { epoch: '1', offset: 0, chain: '0'.repeat(16) };
const HEAD: EventHead = {
  ...{ position, chartHash: CHART_HASH, seatCount, sale, policy, version, shiftMs: 0 },
};

function rig(archiveFeed: (event: EventId) => Promise<void>) {
  const ambient = createManualAmbient();
  const troubles: string[] = [];
  const budgets: EventId[] = [];
  const upkeep = createUpkeep({
    store: {
      heads: async (events) => events.map(() => HEAD),
      trimEnded: async () => ({ nowMs: 0, position, outcome: 'trimmed', count: 0 }),
      trimBudget: async (event) => {
        budgets.push(event);
        return { nowMs: 0, position, outcome: 'trimmed', count: 0, cursor: '0' };
      },
    },
    ambient,
    live: {
      list: () => EVENTS,
      readHints: async () => undefined,
      unite: async () => undefined,
      drop: () => undefined,
    },
    reconcileSale: async () => undefined,
    archiveFeed,
    onTrouble: (what, _error, event) => troubles.push(`${what} ${event}`),
  });
  upkeep.start();
  return { ambient, upkeep, troubles, budgets };
}

test('what fails for one event is told and does not keep the others from their upkeep', async () => {
  const kept: EventId[] = [];
  const { ambient, upkeep, troubles, budgets } = rig(async (event) => {
    if (event === EVENTS[0]) throw new Error('away');
    kept.push(event);
  });
  await ambient.advance(UPKEEP_PERIOD_MS * 1.25);
  assert.equal(kept, EVENTS.slice(1));
  assert.equal(troubles, ['archiving the feed one']);
  assert.equal(budgets, EVENTS, 'one step that fails does not keep an event from the others');
  await upkeep.stop();
});

test('stopping finishes the event in hand, leaves the others and schedules nothing', async () => {
  const inHand = Promise.withResolvers<void>();
  const begun: EventId[] = [];
  const { ambient, upkeep } = rig((event) => {
    begun.push(event);
    return inHand.promise;
  });
  await ambient.advance(UPKEEP_PERIOD_MS * 1.25);
  const stopped = upkeep.stop();
  inHand.resolve();
  await stopped;
  await ambient.settle();
  assert.equal(begun, EVENTS.slice(0, 1));
  assert.is(ambient.armed(), 0);
});

test.run();
