import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { DEFAULT_POLICY, eventId, seatLabels } from '@holdfast/db/model';
import { createRedisHoldStore } from '@holdfast/db/redis';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { numberedHold, openEvent, placeCommand } from '../src/bench/placing.ts';
import { readStadium, showIn } from '../src/bench/venue.ts';

const MAIN = fileURLToPath(new URL('../src/trace/main.ts', import.meta.url));
const EVENT = eventId('gala');
const SEAT = 7;

const command = suite('npm run trace');
let server: TestRedis;
let folder: string;
let label: string;

type Told = { readonly code: number; readonly out: string; readonly err: string };

function run(...words: string[]): Promise<Told> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...words, '--data', folder], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

command.before(async () => {
  server = await startTestRedis();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-trace-'));
  const venue = await readStadium();
  label = seatLabels(venue.chart)[SEAT] ?? '';
  const show = { ...showIn(venue, EVENT), policy: DEFAULT_POLICY };
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  await catalogue.storeChart(venue.chart);
  await catalogue.createEvent(show);
  await catalogue.close();
  await writeFile(join(folder, 'running.json'), JSON.stringify({ redisUrl: server.url }));
  const redis = server.connect();
  const store = createRedisHoldStore({ redis });
  await openEvent(store, { ...show, token: 'test' });
  const placed = placeCommand(EVENT, 1, { seat: SEAT, chartHash: venue.hash });
  await store.place(EVENT, placed);
  const { owner, holdId, trail } = placed;
  const released = { ...trail, reason: 'release', requestId: 'req-2' };
  await store.release(EVENT, { holdId, owner, rev: null, trail: released });
  await redis.quit();
  await mkdir(join(folder, 'logs'));
  const time = new Date().toISOString();
  const answered = {
    time,
    requestId: 'req-2',
    route: 'releaseHold',
    method: 'DELETE',
    status: 200,
  };
  const frame = {
    time,
    msg: 'frame sent',
    event: EVENT,
    room: 'event:gala:all',
    prev: 1,
    offset: 2,
  };
  const lines = (...all: object[]): string =>
    `${all.map((one) => JSON.stringify(one)).join('\n')}\n`;
  await writeFile(join(folder, 'logs', 'api-1.log'), `${lines({ ...answered, tookMs: 4 })}{"half`);
  await writeFile(join(folder, 'logs', 'hub-1.log'), lines({ ...frame, sockets: 2 }));
});
command.after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

command('prints the life of a hold with its transitions, requests and frames', async () => {
  const { code, out } = await run(numberedHold(EVENT, 1));
  assert.is(code, 0);
  assert.match(out, 'Now: released');
  assert.match(out, `place: placed · ${label} free > held`);
  assert.match(out, `release: released · ${label} held > free`);
  assert.match(out, 'DELETE releaseHold (request req-2, api-1) answered 200 after 4.0 ms');
  assert.match(out, 'offset 2 left in a frame of 2 to 2, hub-1 event:gala:all, 2 screens');
});

command('prints the life of a seat by its label', async () => {
  const { code, out } = await run(label, '--event', EVENT);
  assert.is(code, 0);
  assert.match(out, 'Now: free');
  assert.match(out, 'request bench-1');
  assert.match(out, 'The logs did not tell when 1 of 2 requests came and were answered');
});

command('says in one sentence what is unknown, and fails', async () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [['no-such-seat'], /No seat is labelled "no-such-seat" at gala/],
    [[label, '--event', 'opera'], /The catalogue has no event opera; it has gala/],
    [[numberedHold(EVENT, 2)], /No record of event gala names hold/],
    [[numberedHold(eventId('opera'), 1)], /Redis has no open state of event opera/],
    [[label, '--redis', 'redis://127.0.0.1:1'], /No Redis server was ready/],
  ];
  for (const [words, why] of cases) {
    const { code, out, err } = await run(...words);
    assert.is(code, 1);
    assert.is(out, '');
    assert.match(err, why);
    assert.is(err.trimEnd().split('\n').length, 1);
  }
});

command.run();
