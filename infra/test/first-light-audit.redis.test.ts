import { fileURLToPath } from 'node:url';
import { auditEvent, type Finding, gatherEvidence } from '@holdfast/db/audit';
import { SEAT_STATE_NAMES, seatState } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { realAmbient } from '@holdfast/infra/runtime';
import {
  seededFraction,
  startStack,
  suite,
  type TestStack,
  type TestStackOptions,
  testSeed,
} from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openShow } from '../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../testing/process-figures.ts';
import { readWhenQuiet, viewersAgree } from '../testing/sale/quiet-event.ts';
import { runRandomSale } from '../testing/sale/random-sale.ts';
import { SALE_POLICY, SEATS_PER_HOLD_MAX } from '../testing/sale/sale-policy.ts';
import { createTally, type Tally } from '../testing/sale/tally.ts';
import { openWanderer, openWatchers, openWireWatchers } from '../testing/sale/watchers.ts';

const RUN_MS = 30_000;
const BROKEN_RUN_MS = 5_000;
const BROKEN_API = fileURLToPath(new URL('first-light/broken-place-api.ts', import.meta.url));
const SHOPPERS = 40;
/** Sections of 45 seats: none but the first begins at a multiple of four. */
const HALL = hallChart({ sections: 4, rows: 5, seatsPerRow: 9 });

const test = suite('first light: audit');

/** Starts a stack and a connection to its Redis for one test, and ends both. */
async function withStack(
  options: TestStackOptions,
  body: (stack: TestStack, redis: Redis) => Promise<void>,
): Promise<void> {
  const stack = await startStack({ apis: 2, hubs: 2, workers: 2, ...options });
  const redis = new Redis(stack.redisUrl);
  try {
    await body(stack, redis);
  } finally {
    redis.disconnect();
    await stack.stop();
  }
}

test(
  'I1, I3, I4: after 30 s of random places, amends, extensions, releases, expiries, blocks and revokes no told spans overlap, every hold ended once, and every viewer shows what Redis has',
  () =>
    withStack({}, async (stack, redis) => {
      const { findings, tally } = await sellAndAudit(stack, redis);
      console.log(tally.lines().join('\n'));
      assert.equal(findings, []);
      assertVariety(tally);
      await assertAllTookPart(stack);
    }),
  { timeoutMs: 120_000 },
);

test(
  'I1: a place without its holder check is found by the same audit after 5 s, in what shoppers were told and in the feed',
  () =>
    withStack({ entries: { api: BROKEN_API } }, async (stack, redis) => {
      const seed = testSeed('first light: broken place');
      const tally = createTally();
      const show = await openShow(stack, { id: 'broken-light', chart: HALL, policy: SALE_POLICY });
      const sale = { stack, show, tally, seed, shoppers: SHOPPERS, durationMs: BROKEN_RUN_MS };
      const journals = await runRandomSale({
        ...sale,
        ambient: realAmbient(),
        seatsPerHoldMax: SEATS_PER_HOLD_MAX,
      });
      const stored = await readStoredEvent(redis, show.id);
      for (const { code } of auditEvent(gatherEvidence({ stored, journals }))) {
        tally.count('findings', code);
      }
      console.log(tally.lines().join('\n'));
      for (const code of ['told.overlap', 'record.before-differs']) {
        assert.ok(tally.of('findings', code) > 0, `the audit finds ${code}`);
      }
    }),
  { timeoutMs: 60_000 },
);

async function sellAndAudit(
  stack: TestStack,
  redis: Redis,
): Promise<{ findings: Finding[]; tally: Tally }> {
  const seed = testSeed('first light: audit');
  const ambient = realAmbient();
  const tally = createTally();
  const show = await openShow(stack, { id: 'first-light', chart: HALL, policy: SALE_POLICY });
  const watching = { stack, show, ambient };
  const watchers = await openWatchers(watching);
  const wires = await openWireWatchers(watching);
  const over = new AbortController();
  const wanderer = await openWanderer(watching, seededFraction(seed - 2), over.signal);
  const sale = { stack, show, ambient, tally, seed, seatsPerHoldMax: SEATS_PER_HOLD_MAX };
  const journals = await runRandomSale({ ...sale, shoppers: SHOPPERS, durationMs: RUN_MS });
  over.abort();
  await wanderer.done;
  const all = [...watchers, wanderer.watcher];
  const stored = await readWhenQuiet(redis, show);
  const viewers = await viewersAgree([...all, ...wires], stored);
  for (const { live } of [...all, ...wires]) live.stop();
  for (const { live } of wires) {
    assert.is(live.wrongDigests(), 0, `${live.name} never met a wrong digest`);
    assert.is(live.gaps(), 0, `${live.name} missed no frame`);
  }
  for (const { status } of stored.holds.values()) tally.count('holds at the end', status);
  for (const seat of stored.map) tally.count('seats at the end', SEAT_STATE_NAMES[seatState(seat)]);
  for (const { live } of all) tally.count('viewers', live.changes > 0 ? 'agree' : 'saw nothing');
  tally.count('feed records', `${stored.feed.length}`);
  return { findings: auditEvent(gatherEvidence({ stored, journals, viewers })), tally };
}

/** A run in which nothing was refused, or nothing expired, would prove little. */
function assertVariety(tally: Tally): void {
  for (const status of ['held', 'released', 'expired', 'revoked']) {
    assert.ok(tally.of('holds at the end', status) > 0, `some hold is ${status}`);
  }
  for (const verb of ['place', 'place twice', 'amend']) {
    for (const outcome of ['held', 'seats.unavailable']) {
      assert.ok(tally.of(verb, outcome) > 0, `some ${verb} is ${outcome}`);
    }
    for (const outcome of ['unreachable', 'pending', 'server.fault', 'store.unavailable']) {
      assert.is(tally.of(verb, outcome), 0, `no ${verb} is ${outcome}`);
    }
  }
  assert.is(tally.of('viewers', 'saw nothing'), 0);
}

/** Every API and hub followed the event by itself, none had to repair its map, none died. */
async function assertAllTookPart(stack: TestStack): Promise<void> {
  for (const service of [...stack.apis, ...stack.hubs]) {
    const figures = await readFigures(service);
    assert.ok(sumOfFigures(figures, /projection_.*applied/) > 0, `${service.name} followed`);
    for (const never of [/projection_.*repairs/, /projection_.*renewals/]) {
      assert.is(sumOfFigures(figures, never), 0, `${service.name} ${never}`);
    }
  }
  assert.equal(stack.troubles(), [], 'no process died');
}

test.run();
