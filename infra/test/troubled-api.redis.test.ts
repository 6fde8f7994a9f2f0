import { fileURLToPath } from 'node:url';
import { createApiClient } from '@holdfast/booking-api/contract';
import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import { readStoredEvent } from '@holdfast/db/redis';
import { startStack, suite, type TestProcess, type TestStack } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { createJournalledShopper, type JournalledShopper } from '../testing/journalled-shopper.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { shopperToken } from '../testing/sale/random-sale.ts';
import { until } from '../testing/until.ts';
import {
  BLOCK_MS,
  BLOCK_SEATS,
  BLOCKING,
  PAUSE_POINT,
  PAUSE_SEATS,
} from './troubled/trouble-words.ts';

const TROUBLED_API = fileURLToPath(new URL('troubled/troubled-api.ts', import.meta.url));
const HALL = hallChart({ sections: 1, rows: 2, seatsPerRow: 8 });
/** The shortest that a policy allows; a hold of a blocked API runs out while it is blocked. */
const POLICY = { holdTtlMs: 5_000 };
const OTHERS_LIMIT_MS = 1_000;
const LIMITS = { timeoutMs: 60_000 };

type Room = { stack: TestStack; redis: Redis; first: TestProcess; second: TestProcess };
const test = suite<Room>('an API that stands still between lock and write');

test.before(async (room) => {
  room.stack = await startStack({ apis: 2, workers: 2, entries: { api: TROUBLED_API } });
  room.redis = new Redis(room.stack.redisUrl);
  const [first, second] = room.stack.apis;
  if (first === undefined || second === undefined) throw new Error('there are two APIs');
  Object.assign(room, { first, second });
});

test.after(async ({ stack, redis }) => {
  redis.disconnect();
  await stack.stop();
});

async function shopperAt(
  { stack }: Room,
  { id: event, chartHash, seatOf }: OpenShow,
  api: TestProcess,
  name: string,
): Promise<JournalledShopper> {
  const token = await shopperToken(stack);
  const client = createApiClient({ fetch, baseUrl: api.url(), token: () => token });
  return createJournalledShopper({ name, api: client, event, chartHash, seatOf });
}

function untilSaid(process: TestProcess, word: string): Promise<unknown> {
  return until(`${process.name} says "${word}"`, () =>
    process.logs().some((line) => line.includes(word)),
  );
}

/** The lock on a seat has run out while its holder stands still. */
async function untilUnlocked({ redis }: Room, show: OpenShow, seat: number): Promise<void> {
  const key = `{${show.id}}:lock:seat:${seat}`;
  assert.is(await redis.exists(key), 1, 'the lock was granted');
  await until('its lock is over', async () => (await redis.exists(key)) === 0);
}

async function assertClean(
  { redis }: Room,
  show: OpenShow,
  shoppers: readonly JournalledShopper[],
): Promise<void> {
  const stored = await readStoredEvent(redis, show.id);
  const journals = shoppers.map(({ journal }) => journal);
  assert.equal(auditEvent(gatherEvidence({ stored, journals })), []);
}

test(
  'row 1, I1: an API is stopped between lock and write until its lock is over and a rival has the seat: its write is refused',
  async (room) => {
    const { first, second } = room;
    const show = await openShow(room.stack, { id: 'paused-api', chart: HALL });
    const shopper = await shopperAt(room, show, first, 'shopper');
    const rival = await shopperAt(room, show, second, 'rival');
    const placing = shopper.place(PAUSE_SEATS.map((seat) => show.labels[seat] ?? ''));
    await untilSaid(first, PAUSE_POINT);
    await first.pause();
    try {
      await untilUnlocked(room, show, PAUSE_SEATS[0]);
      assert.is(await rival.place([show.labels[PAUSE_SEATS[0]] ?? '']), 'held');
    } finally {
      await first.resume();
    }
    assert.is(await placing, 'seats.unavailable');
    assert.is(await rival.look(), 'held');
    await assertClean(room, show, [shopper, rival]);
  },
  LIMITS,
);

test(
  'row 2, I1, I6: the event loop of an API is blocked for 5 s: the others go on, its own requests end with a clear answer, and its holds are judged by the script',
  async (room) => {
    const { first, second } = room;
    const show = await openShow(room.stack, { id: 'blocked-api', chart: HALL, policy: POLICY });
    const shopper = await shopperAt(room, show, first, 'shopper');
    const guest = await shopperAt(room, show, first, 'guest');
    const rival = await shopperAt(room, show, second, 'rival');
    assert.is(await guest.place(['A-2-1']), 'held');
    const placing = shopper.place(BLOCK_SEATS.map((seat) => show.labels[seat] ?? ''));
    await untilSaid(first, BLOCKING);
    const begunMs = performance.now();
    await untilUnlocked(room, show, BLOCK_SEATS[0]);
    const extending = guest.extend();
    assert.is(await rival.place([show.labels[BLOCK_SEATS[0]] ?? '']), 'held');
    // It outlives the block, whatever the machine is busy with.
    assert.is(await rival.extend(), 'held');
    let longestMs = 0;
    while (performance.now() - begunMs < BLOCK_MS / 2) {
      const askedMs = performance.now();
      assert.is(await rival.look(), 'held');
      longestMs = Math.max(longestMs, performance.now() - askedMs);
    }
    assert.ok(longestMs < OTHERS_LIMIT_MS, `the other API took ${longestMs} ms`);
    assert.is(await placing, 'seats.unavailable');
    const tookMs = Math.round(performance.now() - begunMs);
    console.log(
      `blocked: answered after ${tookMs} ms; the other within ${longestMs.toFixed(1)} ms`,
    );
    assert.ok(tookMs >= BLOCK_MS, 'its event loop was blocked');
    assert.match(await extending, /^hold\.(overdue|ended)$/);
    await until(
      'the hold of the blocked API has ended',
      async () => guest.basket === null || (await guest.look()) === 'expired',
    );
    await assertClean(room, show, [shopper, guest, rival]);
  },
  LIMITS,
);

test.run();
