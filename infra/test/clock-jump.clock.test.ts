import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { realAmbient } from '@holdfast/infra/runtime';
import { makeRedisClock, startStack, suite, type TestStack } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import type { JournalledShopper } from '../testing/journalled-shopper.ts';
import { openShow } from '../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../testing/process-figures.ts';
import { readWhenQuiet, viewersAgree } from '../testing/sale/quiet-event.ts';
import { enter } from '../testing/sale/random-sale.ts';
import { openWatchers, type Watcher } from '../testing/sale/watchers.ts';
import { until } from '../testing/until.ts';

const JUMPS_MS = [61_000, -661_000] as const;
const HALL = hallChart({ sections: 2, rows: 4, seatsPerRow: 5 });
const POLICY = { holdTtlMs: 16_000, extendMs: 5_000, maxExtensions: 3, maxTotalMs: 60_000 };
const HOLDERS = 8;
/** Who place a hold right after each jump; as many holders extend theirs. */
const LATECOMERS = 3;
/** Between two holds, so that there is one about to end whenever the clock jumps. */
const STAGGER_MS = 500;
/** A jump is measured between two questions; each settling may be off by the longest that is trusted. */
const OFF_MS = JUMPS_MS.length * 500;
/** An expiry may be 250 ms late; a worker that was interrupted looks again within a second. */
const LATE_MS = 1_250 + OFF_MS;

const test = suite('clock jumps of the Redis machine');

/** On this process's monotonic clock: when the hold's time is up, by what its owner was told. */
type Holder = {
  readonly shopper: JournalledShopper;
  readonly seat: number;
  /** The answer was written between these two. */
  readonly earliestMs: number;
  readonly latestMs: number;
  endedMs: number;
};

test(
  'row 32, I5, I6: the clock of Redis jumps by 61 s and by -661 s: no hold ends early or late, whenever it was placed, nobody else gets their seats, countdowns stay right, and until the jump is settled nothing is placed or extended; the audit is clean',
  async () => {
    const clock = await makeRedisClock();
    const stack = await startStack({ apis: 2, hubs: 2, workers: 2, redis: { clock } });
    const redis = new Redis(stack.redisUrl);
    try {
      const show = await openShow(stack, { id: 'clock-jump', chart: HALL, policy: POLICY });
      const room = { stack, show };
      const watchers = await openWatchers({ stack, show, ambient: realAmbient() });
      const rival = await enter(room, 'rival');
      const holders: Holder[] = [];
      for (let at = 0; at < HOLDERS; at += 1) {
        const seat = at * STAGGER_SEATS;
        holders.push(await place(await enter(room, `holder-${at}`), seat, show.labels[seat]));
        await new Promise((resolve) => setTimeout(resolve, STAGGER_MS));
        // Requests go to the APIs in turn: so each of them watches the clock from early on.
        assert.is(await holders.at(-1)?.shopper.look(), 'held');
      }
      const ends = [watchEnds(holders, watchers)];
      const latecomers: Holder[] = [];
      const refusals: string[] = [];
      for (const [round, byMs] of JUMPS_MS.entries()) {
        const before = await clockName(redis, show.id);
        const late = Array.from({ length: LATECOMERS }, async (_, at) => ({
          shopper: await enter(room, `latecomer-${round}-${at}`),
          seat: (round * LATECOMERS + at) * STAGGER_SEATS + 1,
        }));
        const entered = await Promise.all(late);
        // Nobody settles the jump before all have tried.
        await Promise.all(stack.workers.map((worker) => worker.pause()));
        clock.jump(byMs);
        await assertNothingTold(entered, holders.slice(-LATECOMERS), show.labels);
        for (const { shopper } of holders.slice(0, 3)) {
          refusals.push(await rival.place([...(shopper.basket?.seats ?? [])]));
        }
        await Promise.all(stack.workers.map((worker) => worker.resume()));
        await until(
          'the jump is settled',
          async () => (await clockName(redis, show.id)) !== before,
        );
        const placed: Holder[] = [];
        for (const { shopper, seat } of entered) {
          placed.push(await place(shopper, seat, show.labels[seat]));
        }
        ends.push(watchEnds(placed, watchers));
        latecomers.push(...placed);
        for (const { shopper } of holders.slice(-LATECOMERS)) {
          assert.is(await shopper.extend(), 'held');
        }
        for (const holder of [...holders, ...latecomers]) await assertCountdown(holder);
      }
      assert.equal(new Set(refusals), new Set(['seats.unavailable']));
      await Promise.all(ends);
      const all = [...holders, ...latecomers];
      report(all);
      for (const { shopper } of all) assert.is(await shopper.look(), 'expired');
      const stored = await readWhenQuiet(redis, show);
      const viewers = await viewersAgree(watchers, stored);
      for (const { live } of watchers) live.stop();
      const journals = [rival, ...all.map(({ shopper }) => shopper)].map((one) => one.journal);
      assert.equal(auditEvent(gatherEvidence({ stored, journals, viewers })), []);
      const shiftMs = Number(await redis.hget(`{${show.id}}:meta`, 'shift'));
      assert.ok(Math.abs(shiftMs + clock.aheadMs()) <= OFF_MS, `the shift is ${shiftMs} ms`);
      assert.ok((await jumpsSeen(stack)) >= JUMPS_MS.length, 'the alarm counted every jump');
      assert.equal(stack.troubles(), []);
    } finally {
      redis.disconnect();
      await stack.stop();
      await clock.remove();
    }
  },
  { timeoutMs: 90_000 },
);

const STAGGER_SEATS = 4;

/** By a clock that jumped. */
async function assertNothingTold(
  placing: readonly Pick<Holder, 'shopper' | 'seat'>[],
  extending: readonly Holder[],
  labels: readonly string[],
): Promise<void> {
  for (const { shopper, seat } of placing) {
    assert.is(await shopper.place([labels[seat] ?? '']), 'store.unavailable');
  }
  for (const { shopper } of extending) assert.is(await shopper.extend(), 'store.unavailable');
}

async function place(
  shopper: JournalledShopper,
  seat: number,
  label: string | undefined,
): Promise<Holder> {
  const sentMs = performance.now();
  assert.is(await shopper.place([label ?? '']), 'held');
  const remainingMs = shopper.basket?.remainingMs ?? 0;
  return {
    ...{ shopper, seat, endedMs: Number.NaN },
    earliestMs: sentMs + remainingMs,
    latestMs: performance.now() + remainingMs,
  };
}

/** Notes when the seat of each came free on the first screen of each hub; the later one counts. */
async function watchEnds(holders: readonly Holder[], watchers: readonly Watcher[]): Promise<void> {
  const screens = watchers.filter(({ sections }) => sections === 'all');
  await Promise.all(
    holders.map(async (holder) => {
      const isHeld = ({ live }: Watcher): boolean => live.viewer.map[holder.seat] === 1;
      await until('its holder is shown', () => screens.every(isHeld));
      await until('its hold ends', () => !screens.some(isHeld), 2 * POLICY.holdTtlMs);
      holder.endedMs = performance.now();
    }),
  );
}

async function assertCountdown({ shopper, earliestMs, latestMs }: Holder): Promise<void> {
  const askedMs = performance.now();
  if (askedMs > earliestMs - LATE_MS) return;
  assert.is(await shopper.look(), 'held');
  const remainingMs = shopper.basket?.remainingMs ?? 0;
  const [least, most] = [earliestMs - performance.now() - OFF_MS, latestMs - askedMs + OFF_MS];
  assert.ok(least <= remainingMs && remainingMs <= most, `${least} <= ${remainingMs} <= ${most}`);
}

function report(holders: readonly Holder[]): void {
  const lates = holders.map(({ endedMs, latestMs }) => Math.round(endedMs - latestMs));
  console.log(`holds ended so many ms after the time that was told: ${lates.join(', ')}`);
  for (const { endedMs, earliestMs, latestMs } of holders) {
    assert.ok(endedMs >= earliestMs - OFF_MS, `a hold ended ${earliestMs - endedMs} ms early`);
    assert.ok(endedMs <= latestMs + LATE_MS, `a hold ended ${endedMs - latestMs} ms late`);
  }
}

function clockName(redis: Redis, event: string): Promise<string | null> {
  return redis.hget(`{${event}}:meta`, 'clock');
}

async function jumpsSeen({ workers }: TestStack): Promise<number> {
  const figures = await Promise.all(workers.map(readFigures));
  return figures.reduce((sum, one) => sum + sumOfFigures(one, /worker_clock_jumps_total/), 0);
}

test.run();
