import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  decodeFeedRecord,
  type EventId,
  type Holder,
  SeatState,
  seatState,
  sleep,
} from '@holdfast/db/model';
import type { StoredEvent } from '@holdfast/db/redis';
import { createLogger, openRedis, realAmbient } from '@holdfast/infra/runtime';
import {
  type ReturningRedis,
  startReturningRedis,
  startStack,
  suite,
  type TestStack,
  testSeed,
} from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openShow } from '../testing/open-show.ts';
import { SALE_POLICY } from '../testing/sale/sale-policy.ts';
import {
  assertLossTold,
  assertRefusedMeanwhile,
  assertWeathered,
} from './failover/assert-weathered.ts';
import type { FailoverPlan } from './failover/failover-plan.ts';
import { type FailoverEnd, sellThroughFailover } from './failover/failover-sale.ts';
import { SOLD, type SoldSeats, sellOut } from './failover/sold-seats.ts';

const HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });
const SOLD_EVERY_NTH = 5;
/** Long enough for every client to notice, and to ask a server that is not there. */
const AWAY_MS = 1_500;
const COPY_AGE_MS = 3_000;
const WORKERS_LATE_MS = 500;

const test = suite('a Redis that forgets');

test(
  'row 13, I1, I3, I4, I5: Redis is killed and comes back empty in the middle of a sale: no process dies, sold seats are nobody’s for a moment, holds are refused until the event is loaded from the catalogue, a new epoch begins, every forgotten holder is told and every viewer shows what is true',
  () =>
    withStack(async (stack, redis) => {
      const { sold, end } = await sellThroughLoss(stack, 'empty-light', {
        // What it acknowledges from now on is lost, like all before.
        stall: async () => undefined,
        kill: redis.kill,
        revive: () => withoutWorkers(stack, () => backAfterAWhile(redis, 'none')),
        loaded: (after) => loadedSeats(after),
      });
      for (const verb of ['place', SOLD]) {
        assert.ok(end.tally.of(verb, 'event.loading') > 0, `some ${verb} met event.loading`);
      }
      assert.equal(await forgottenBlocks(stack, sold.rest.id, end.after), []);
    }),
  { timeoutMs: 100_000 },
);

test(
  'row 13, I1, I3, I4, I5: Redis is killed and comes back from a copy of its data that is 3 s old: the chain betrays it, a new epoch begins, every forgotten holder is told, sold seats stay so, no process dies and every viewer shows what is true',
  () =>
    withStack(async (stack, redis) => {
      const { sold, end } = await sellThroughLoss(stack, 'older-light', {
        stall: redis.copyData,
        stalledMs: COPY_AGE_MS,
        kill: redis.kill,
        revive: () => backAfterAWhile(redis, 'copied'),
      });
      // Nobody compares a living event with the catalogue yet: these are on sale again.
      const { length } = await forgottenBlocks(stack, sold.rest.id, end.after);
      console.log(`${length} seats that were blocked in the lost seconds are not blocked any more`);
    }),
  { timeoutMs: 100_000 },
);

async function withStack(
  body: (stack: TestStack, redis: ReturningRedis) => Promise<void>,
): Promise<void> {
  const redis = await startReturningRedis();
  try {
    const stack = await startStack({
      ...{ apis: 2, hubs: 2, workers: 2 },
      redis: { url: redis.url },
    });
    await body(stack, redis).finally(() => stack.stop());
  } finally {
    await redis.stop();
  }
}

async function sellThroughLoss(
  stack: TestStack,
  id: string,
  fault: Pick<FailoverPlan, 'stall' | 'stalledMs' | 'kill' | 'revive' | 'loaded'>,
): Promise<{ sold: SoldSeats; end: FailoverEnd }> {
  const logger = createLogger('test', 'silent');
  const redis = await openRedis(stack.redisUrl, { name: 'test', role: 'commands', logger });
  try {
    const seed = testSeed(id);
    const show = await openShow(stack, { id, chart: HALL, policy: SALE_POLICY });
    const sold = await sellOut(show, SOLD_EVERY_NTH);
    const ambient = realAmbient();
    const end = await sellThroughFailover({
      ...{ stack, redis, seed, ambient, sold, show: sold.rest },
      ...fault,
    });
    await assertWeathered(stack, end);
    assertRefusedMeanwhile(end);
    assertLossTold(end);
    assert.is(end.tally.of(SOLD, 'held'), 0, 'nobody got a sold seat');
    assert.ok(end.tally.of(SOLD, 'seats.unavailable') > 0);
    for (const label of sold.labels) {
      assert.is(stateOf(end.after, show.seatOf(label)), SeatState.blocked, `${label} is sold`);
    }
    return { sold, end };
  } finally {
    redis.disconnect();
  }
}

async function backAfterAWhile(redis: ReturningRedis, data: 'none' | 'copied'): Promise<void> {
  await sleep(realAmbient().timers, AWAY_MS);
  await redis.comeBack(data);
}

/** A load takes milliseconds: the workers are late, so that people surely meet an event without seats. */
async function withoutWorkers(stack: TestStack, task: () => Promise<void>): Promise<void> {
  await Promise.all(stack.workers.map((worker) => worker.pause()));
  try {
    await task();
    await sleep(realAmbient().timers, WORKERS_LATE_MS);
  } finally {
    await Promise.all(stack.workers.map((worker) => worker.resume()));
  }
}

function stateOf({ map }: StoredEvent, seat: number): number {
  return seatState(map[seat] ?? 0);
}

/** Seats that the catalogue knows as blocked, and Redis does not. */
async function forgottenBlocks(
  stack: TestStack,
  event: EventId,
  after: StoredEvent,
): Promise<number[]> {
  const catalogue = await openSqliteCatalogue(stack.catalogueFile);
  const blocks = await catalogue.listBlocks(event).finally(() => catalogue.close());
  return blocks.filter((seat) => stateOf(after, seat) !== SeatState.blocked);
}

/** Blocked before anything was done to it in this life: so the load has brought it. */
function loadedSeats({ feed, map }: StoredEvent): ReadonlyMap<number, Holder> {
  const first = new Map<number, string>();
  for (const { line } of feed) {
    for (const { seat, before } of decodeFeedRecord(line).changes) {
      if (!first.has(seat)) first.set(seat, before);
    }
  }
  const isLoaded = (seat: number): boolean =>
    first.get(seat) === 'x' ||
    (!first.has(seat) && seatState(map[seat] ?? 0) === SeatState.blocked);
  const seats = [...map.keys()].filter(isLoaded);
  return new Map(seats.map((seat) => [seat, 'x' as const]));
}

test.run();
