import { join } from 'node:path';
import { auditEvent, gatherEvidence } from '@holdfast/db/audit';
import type { Ambient } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { createManualAmbient, startStack, suite, type TestStack } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHECKOUT } from '../local/checkout.ts';
import { createRequestBudget } from '../local/crowd/request-budget.ts';
import { seatRows } from '../local/crowd/seat-rows.ts';
import { shop } from '../local/crowd/shopper.ts';
import { type StackChild, startChild } from '../local/processes/child-process.ts';
import { createProcessLog } from '../local/processes/process-log.ts';
import { realAmbient } from '../runtime/real-ambient.ts';
import { hallChart } from '../testing/hall-chart.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { until } from '../testing/until.ts';

type Room = { stack: TestStack | undefined; show: OpenShow | undefined };
const test = suite<Room>('crowd', { stack: undefined, show: undefined });
const SHOPPERS = 10;
const TURNS_PER_SECOND = 50;
const READY_LIMIT_MS = 15_000;
/** Shoppers think for seconds; here a minute of theirs is 300 ms. */
const HASTE = 200;

test.before(async (room) => {
  room.stack = await startStack();
  const chart = hallChart({ sections: 1, rows: 10, seatsPerRow: 20 });
  room.show = await openShow(room.stack, { id: 'crowded', chart });
});

test.after(async (room) => {
  await room.stack?.stop();
});

function parts(room: Room): { stack: TestStack; show: OpenShow } {
  assert.ok(room.stack !== undefined && room.show !== undefined);
  return { stack: room.stack, show: room.show };
}

function hasty(ambient: Ambient): Ambient {
  const { after, every } = ambient.timers;
  return { ...ambient, timers: { after: (delayMs, task) => after(delayMs / HASTE, task), every } };
}

function startCrowdProcess(baseUrl: string, count: number): StackChild {
  return startChild({
    name: 'crowd',
    entry: join(CHECKOUT, 'infra/local/crowd/main.ts'),
    words: [JSON.stringify({ baseUrl, count })],
    env: process.env,
    log: createProcessLog(null),
    readyLimitMs: READY_LIMIT_MS,
  });
}

const readiness = (child: StackChild): Promise<string> =>
  child.ready.then(
    () => 'it came in',
    (error: unknown) => String(error),
  );

test('shoppers hold and give back on a running stack, one turn of the budget a request, and leave when told', async (room) => {
  const { stack, show } = parts(room);
  const redis = new Redis(stack.redisUrl);
  const verbs = async (): Promise<string[]> =>
    (await readStoredEvent(redis, show.id)).feed.map(({ line }) => line.split('|')[1] ?? '');
  const budget = createRequestBudget(TURNS_PER_SECOND, realAmbient());
  let turns = 0;
  const leaving = new AbortController();
  const mall = {
    baseUrl: stack.gatewayUrl,
    events: new Map([[show.id, seatRows(show.chart, show.chartHash)]]),
    ambient: hasty(realAmbient()),
    budget: {
      turn: () => {
        turns += 1;
        return budget.turn();
      },
    },
    signal: leaving.signal,
  };
  const shoppers = Array.from({ length: SHOPPERS }, () => shop(mall));
  await until('holds were placed and given back', async () => {
    const seen = await verbs();
    return seen.includes('place') && seen.includes('release');
  });
  leaving.abort();
  await Promise.all(shoppers);
  const changes = (await verbs()).filter((verb) => verb === 'place' || verb === 'release');
  assert.ok(turns > changes.length, `${turns} turns for ${changes.length} changes and sessions`);
  const stored = await readStoredEvent(redis, show.id);
  assert.equal(auditEvent(gatherEvidence({ stored })), []);
  redis.disconnect();
});

test('all shoppers together take their turns evenly, however many wait', async () => {
  const ambient = createManualAmbient();
  const budget = createRequestBudget(10, ambient);
  let passed = 0;
  for (let asked = 0; asked < 100; asked += 1) void budget.turn().then(() => (passed += 1));
  const bySecond: number[] = [];
  for (let second = 1; second <= 3; second += 1) {
    await ambient.advance(1_000);
    bySecond.push(passed);
  }
  assert.equal(bySecond, [10, 20, 30]);
  await ambient.advance(7_000);
  assert.is(passed, 100);
});

test('the process of a crowd comes in, and leaves cleanly when asked', async (room) => {
  const child = startCrowdProcess(parts(room).stack.gatewayUrl, 3);
  assert.is(await readiness(child), 'it came in');
  child.kill('SIGTERM');
  assert.is(await child.ended, 'exit code 0');
});

test('a crowd never goes to another machine, and never grows beyond its most', async (room) => {
  const here = parts(room).stack.gatewayUrl;
  for (const baseUrl of [
    'http://shop.example.org',
    'http://127.0.0.1.example.org',
    'http://127.0.0.1@shop.example.org',
    'http://192.0.2.1:8080',
  ]) {
    assert.match(await readiness(startCrowdProcess(baseUrl, 1)), 'exit code 1', baseUrl);
  }
  assert.match(await readiness(startCrowdProcess(here, 501)), 'exit code 1');
});

test.run();
