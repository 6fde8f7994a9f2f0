import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort, startTestRedis } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readRunning } from '../local/launcher/running-file.ts';
import {
  allGone,
  guardianPid,
  holdOneSeat,
  launch,
  launcherSuite,
  processesOf,
  readyUrl,
  redisPid,
  START_LIMIT,
  statusOfHold,
} from './launcher/launched-stack.ts';

const test = launcherSuite('launcher');
const THEATRE = 'prince-edward-hamlet';

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
