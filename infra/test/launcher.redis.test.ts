import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '@holdfast/booking-api/contract';
import { parseChart } from '@holdfast/db/charts';
import { freePort, startTestRedis, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { seatRows } from '../local/crowd/seat-rows.ts';
import { readRunning } from '../local/launcher/running-file.ts';
import { until } from '../testing/until.ts';

const LAUNCHER = fileURLToPath(new URL('../local/launcher/main.ts', import.meta.url));
const START_LIMIT = { timeoutMs: 120_000 };
/** A start builds the page at most once, loads three venues, and shares two cores with other tests. */
const READY_MS = 60_000;
const THEATRE = 'prince-edward-hamlet';

type Room = { folder: string; started: Launch[] };
type Launch = { child: ChildProcess; out: () => string; ended: Promise<number | null> };
const test = suite<Room>('launcher', { folder: '', started: [] });

test.beforeEach(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-launcher-'));
  room.started = [];
});

test.afterEach(async (room) => {
  for (const { child, ended } of room.started) {
    child.kill('SIGINT');
    await ended;
  }
  await allGone(room.folder);
  await rm(room.folder, { recursive: true, force: true });
});

function launch(room: Room, ...flags: string[]): Launch {
  const words = [
    '--disable-warning=ExperimentalWarning',
    LAUNCHER,
    '--data',
    room.folder,
    ...flags,
  ];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const launched = { child, out: () => out, ended };
  room.started.push(launched);
  return launched;
}

/** The address of the ready line; fails with what was printed when the launcher ends first. */
async function readyUrl(launched: Launch): Promise<string> {
  const line = /^Holdfast is ready: (http:\/\/localhost:\d+)$/m;
  let isOver = false;
  void launched.ended.then(() => {
    isOver = true;
  });
  await until(
    'the launcher is ready or has ended',
    () => line.test(launched.out()) || isOver,
    READY_MS,
  ).catch((error: unknown) => {
    throw new Error(`the launcher printed only: ${launched.out()}`, { cause: error });
  });
  const url = line.exec(launched.out())?.[1];
  if (url === undefined) throw new Error(`the launcher ended: ${launched.out()}`);
  return url;
}

/** Waits until no process of this folder is left, and names those that stay. */
async function allGone(folder: string): Promise<void> {
  const gone = until('nothing is left', async () => (await processesOf(folder)).length === 0);
  await gone.catch(async (error: unknown) => {
    const left = (await processesOf(folder)).join('; ');
    throw new Error(`still there: ${left}`, { cause: error });
  });
}

/** Processes, read from /proc, whose arguments or environment name the folder. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: string[] = [];
  for (const pid of pids) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const words = await read('cmdline');
    if (words.includes(folder) || (await read('environ')).includes(folder)) found.push(words);
  }
  return found;
}

/** Becomes a shopper, holds a seat that is free, and answers the token and the hold's id. */
async function holdOneSeat(url: string): Promise<{ token: string; hold: string }> {
  const anonymous = createApiClient({ fetch, baseUrl: url, token: () => null });
  const session = await anonymous.call('createSession', {});
  assert.is(session.kind, 'done');
  const token = session.kind === 'done' ? session.body.token : '';
  const api = createApiClient({ fetch, baseUrl: url, token: () => token });
  const event = await api.call('readEvent', { params: { event: THEATRE } });
  const chart = await api.call('readChart', { params: { event: THEATRE } });
  if (event.kind !== 'done' || event.status !== 200) throw new Error('no event');
  if (chart.kind !== 'done' || chart.status !== 200) throw new Error('no chart');
  const { runs, chartHash } = seatRows(
    parseChart(JSON.stringify(chart.body)),
    event.body.chartHash,
  );
  const seat = runs[0]?.[0] ?? '';
  const body = { seats: [seat], chartHash };
  const placed = await api.call('placeHold', { params: { event: THEATRE }, body });
  if (placed.kind !== 'done') throw new Error(JSON.stringify(placed));
  return { token, hold: placed.body.id };
}

async function statusOfHold(url: string, token: string, hold: string): Promise<string> {
  const api = createApiClient({ fetch, baseUrl: url, token: () => token });
  const read = await api.call('readHold', { params: { event: THEATRE, hold } });
  return read.kind === 'done' && read.status === 200 ? read.body.status : JSON.stringify(read);
}

test(
  'the ready line comes once, when a hold succeeds; Ctrl-C keeps the hold for the next start',
  async (room) => {
    const first = launch(room, '--port', '0', '--apis', '2');
    const url = await readyUrl(first);
    const { token, hold } = await holdOneSeat(url);
    assert.is((await fetch(url)).status, 200);

    const second = launch(room, '--port', '0');
    assert.is(await second.ended, 1);
    assert.match(
      second.out(),
      /^Holdfast already runs on the data folder .* \(process \d+, http:.*\.\n$/,
    );
    assert.is(second.out().split('\n').length, 2);

    first.child.kill('SIGINT');
    assert.is(await first.ended, 0);
    assert.is(first.out().match(/Holdfast is ready/g)?.length, 1);
    assert.equal(await processesOf(room.folder), []);

    const again = await readyUrl(launch(room, '--port', '0'));
    assert.is(await statusOfHold(again, token, hold), 'held');
  },
  START_LIMIT,
);

test(
  'a launcher killed with -9 leaves no process behind, and the next start waits for its Redis',
  async (room) => {
    const first = launch(room, '--port', '0');
    const { token, hold } = await holdOneSeat(await readyUrl(first));
    first.child.kill('SIGKILL');
    await first.ended;
    const next = await readyUrl(launch(room, '--port', '0'));
    assert.is(await statusOfHold(next, token, hold), 'held');
    for (const { child } of room.started) child.kill('SIGKILL');
    await allGone(room.folder);
  },
  START_LIMIT,
);

test(
  'a Redis that dies stops the stack with one sentence and a failure',
  async (room) => {
    const launched = launch(room, '--port', '0');
    await readyUrl(launched);
    const running = await readRunning(join(room.folder, 'running.json'));
    const port = new URL(running?.redisUrl ?? '').port;
    process.kill(await redisPid(port), 'SIGKILL');
    assert.is(await launched.ended, 1);
    const last = launched.out().trim().split('\n').at(-1) ?? '';
    assert.match(last, /^redis stopped unexpectedly .* Holdfast stops; /);
    assert.equal(await processesOf(room.folder), []);
  },
  START_LIMIT,
);

test(
  'I1: when only the guardian of Redis is killed, the next start ends the server that stayed and finds its holds',
  async (room) => {
    const first = launch(room, '--port', '0');
    const { token, hold } = await holdOneSeat(await readyUrl(first));
    const running = await readRunning(join(room.folder, 'running.json'));
    const left = await redisPid(new URL(running?.redisUrl ?? '').port);
    process.kill(await guardianPid(room.folder), 'SIGKILL');
    assert.is(await first.ended, 1);
    assert.match(first.out(), /redis stopped unexpectedly/);
    process.kill(left, 0); // throws if the server did not stay
    const next = await readyUrl(launch(room, '--port', '0'));
    assert.is(await statusOfHold(next, token, hold), 'held');
    assert.throws(() => process.kill(left, 0), /ESRCH/);
  },
  START_LIMIT,
);

async function guardianPid(folder: string): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes('redis/guardian.ts') && words.includes(folder)) return Number(pid);
  }
  throw new Error(`no guardian of ${folder} found`);
}

/** Redis shows its address and port in its own process title. */
async function redisPid(port: string): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/(redis|valkey)-server/.test(words) && words.includes(`:${port}`)) return Number(pid);
  }
  throw new Error(`no server with port ${port} found`);
}

test(
  '--fresh forgets the holds',
  async (room) => {
    const first = launch(room, '--port', '0');
    const { token, hold } = await holdOneSeat(await readyUrl(first));
    first.child.kill('SIGTERM');
    assert.is(await first.ended, 0);
    const again = await readyUrl(launch(room, '--port', '0', '--fresh'));
    assert.match(await statusOfHold(again, token, hold), 'hold.unknown');
  },
  START_LIMIT,
);

test('a busy port is refused in one sentence with a command that works', async (room) => {
  const busy = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve));
  const launched = launch(room, '--port', `${port}`);
  const code = await launched.ended;
  busy.close();
  assert.is(code, 1);
  assert.is(
    launched.out(),
    `Port ${port} is in use by another program; stop it or choose another one, for example: npm start -- --port ${port + 1}\n`,
  );
});

for (const [title, flags, sentence] of [
  [
    'a broken setting',
    ['--apis', 'many'],
    /^--apis \(HOLDFAST_APIS\) was given as "many", .*\.\n$/,
  ],
  ['an unknown flag', ['--prot', '1'], /^There is no flag "--prot"; .*\n$/],
  [
    'a dead Redis',
    ['--redis-url', 'redis://127.0.0.1:1'],
    /^No Redis server was ready .* REDIS_URL\.\n$/,
  ],
  [
    'a wrong Redis program',
    ['--redis-server', '/no/redis'],
    /^REDIS_SERVER names "\/no\/redis", .*\n$/,
  ],
] as const) {
  test(`${title} is refused in one sentence with a failure`, async (room) => {
    const launched = launch(room, '--port', '0', ...flags);
    assert.is(await launched.ended, 1);
    assert.match(launched.out(), sentence);
    assert.is(launched.out().split('\n').length, 2, launched.out());
  });
}

test(
  'a Redis that the person brought is used, and goes on running when the stack has stopped',
  async (room) => {
    const redis = await startTestRedis();
    const launched = launch(room, '--port', '0', '--redis-url', redis.url);
    await holdOneSeat(await readyUrl(launched));
    launched.child.kill('SIGINT');
    assert.is(await launched.ended, 0);
    const client = redis.connect();
    assert.is(await client.zcard(`{${THEATRE}}:due`), 1);
    client.disconnect();
    await redis.stop();
  },
  START_LIMIT,
);

test('a Redis that may evict keys is refused before anything is made', async (room) => {
  const redis = await startTestRedis(['--maxmemory-policy', 'allkeys-lru']);
  const launched = launch(room, '--port', '0', '--redis-url', redis.url);
  assert.is(await launched.ended, 1);
  await redis.stop();
  assert.match(launched.out(), /^The Redis server of REDIS_URL may evict keys .* noeviction\n$/);
  assert.not.ok((await readdir(room.folder)).includes('catalogue.sqlite'));
});

test('a data folder that cannot be made is refused in one sentence', async (room) => {
  const launched = launch({ ...room, folder: '/proc/none' }, '--port', '0');
  assert.is(await launched.ended, 1);
  assert.match(launched.out(), /^The data folder \/proc\/none cannot be used .*--data\.\n$/);
});

test('--help tells every flag and starts nothing', async (room) => {
  const launched = launch(room, '--help');
  assert.is(await launched.ended, 0);
  for (const flag of ['--port', '--apis', '--hubs', '--workers', '--data', '--fresh', '--crowd']) {
    assert.match(launched.out(), `  ${flag}`);
  }
});

test.run();
