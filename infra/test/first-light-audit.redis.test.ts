import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { realAmbient } from '@holdfast/infra/runtime';
import {
  seededFraction,
  startStack,
  suite,
  type TestStack,
  testSeed,
} from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openShow } from '../testing/open-show.ts';
import { readWhenQuiet, viewersAgree } from './first-light/quiet-event.ts';
import { runRandomSale } from './first-light/random-sale.ts';
import { createTally } from './first-light/tally.ts';
import { openWanderer, openWatchers } from './first-light/watchers.ts';

const RUN_MS = 30_000;
const SHOPPERS = 40;
const SEATS_PER_HOLD_MAX = 6;
/** Fresh holds run out within the run; an extended one outlives it, so that the last map is not empty. */
const POLICY = {
  holdTtlMs: 5_000,
  extendMs: 120_000,
  maxExtensions: 3,
  maxTotalMs: 600_000,
  maxSeats: SEATS_PER_HOLD_MAX,
};
/** Sections of 45 seats: none but the first begins at a multiple of four. */
const HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });

type Given = { stack: TestStack | null; redis: Redis | null };
const test = suite<Given>('first light: audit', { stack: null, redis: null });

test.before(async (given) => {
  const stack = await startStack({ apis: 2, hubs: 2, workers: 2 });
  given.stack = stack;
  given.redis = new Redis(stack.redisUrl);
});

test.after(async ({ stack, redis }) => {
  redis?.disconnect();
  await stack?.stop();
});

test(
  'I1, I3, I4: after 30 s of random places, amends, extensions, releases, expiries, blocks and revokes no told spans overlap, every hold ended once, and every viewer shows what Redis has',
  async ({ stack, redis }) => {
    if (stack === null || redis === null) throw new Error('the stack did not start');
    const seed = testSeed('first light: audit');
    const ambient = realAmbient();
    const tally = createTally();
    const show = await openShow(stack, { id: 'first-light', chart: HALL, policy: POLICY });
    const watching = { stack, show, ambient };
    const watchers = await openWatchers(watching);
    const over = new AbortController();
    const wanderer = await openWanderer(watching, seededFraction(seed - 2), over.signal);
    const sale = { stack, show, ambient, tally, seed, seatsPerHoldMax: SEATS_PER_HOLD_MAX };
    const journals = await runRandomSale({ ...sale, shoppers: SHOPPERS, durationMs: RUN_MS });
    over.abort();
    await wanderer.done;
    const all = [...watchers, wanderer.watcher];
    const stored = await readWhenQuiet(redis, show);
    const viewers = await viewersAgree(all, stored);
    const findings = auditEvent(gatherEvidence({ stored, journals, viewers }));
    for (const { live } of all) live.stop();

    for (const { status } of stored.holds.values()) tally.count('holds at the end', status);
    for (const seat of stored.map) tally.count('seats at the end', `state ${seat}`);
    tally.count('viewers', `agree on ${stored.feed.length} feed records`);
    console.log(tally.lines().join('\n'));
    assert.equal(findings, []);
    assert.equal(stack.troubles(), [], 'no process died');
    for (const status of ['held', 'released', 'expired', 'revoked']) {
      assert.ok(tally.of('holds at the end', status) > 0, `some hold is ${status}`);
    }
    for (const outcome of ['held', 'seats.unavailable']) {
      for (const verb of ['place', 'amend']) {
        assert.ok(tally.of(verb, outcome) > 0, `some ${verb} is ${outcome}`);
      }
    }
    assert.is(tally.of('place', 'unreachable') + tally.of('amend', 'unreachable'), 0);
  },
  { timeoutMs: 100_000 },
);

test.run();
