import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCluster, openRedis } from '@holdfast/infra/runtime';
import * as assert from 'uvu/assert';
import { readRunning } from '../local/launcher/running-file.ts';
import { createLogger } from '../runtime/logger.ts';
import { until } from '../testing/until.ts';
import {
  allGone,
  guardianPid,
  holdOneSeat,
  type LauncherRoom,
  launch,
  launcherSuite,
  processesOf,
  readyUrl,
  redisPid,
  START_LIMIT,
  statusOfHold,
} from './launcher/launched-stack.ts';

const NODES = 6;
const FAILOVER_LIMIT_MS = 30_000;
const test = launcherSuite('launcher of a Redis cluster');

test(
  'row 11, I1: --redis cluster starts six servers and again one that dies; neither -9 of the launcher nor of their guardian costs the hold, and Ctrl-C ends them all',
  async (room) => {
    const flags = ['--port', '0', '--redis', 'cluster'];
    const first = launch(room, ...flags);
    const url = await readyUrl(first);
    const { token, hold } = await holdOneSeat(url);
    assert.match(first.out(), /^Starting a Redis cluster of 6 servers, 1 API, /m);
    const [dead = 0, ...others] = await Promise.all(await serversOf(room));
    assert.is(new Set([dead, ...others]).size, NODES);
    process.kill(dead, 'SIGKILL');
    await until('all six nodes are there again', () => isWhole(room), FAILOVER_LIMIT_MS);
    await until('the hold is seen', async () => (await statusOfHold(url, token, hold)) === 'held');
    assert.not.match(first.out(), 'stopped unexpectedly');
    first.child.kill('SIGKILL');
    await first.ended;
    await allGone(room.folder);

    const second = launch(room, ...flags);
    assert.is(await statusOfHold(await readyUrl(second), token, hold), 'held');
    const left = await Promise.all(await serversOf(room));
    process.kill(await guardianPid(room.folder), 'SIGKILL');
    assert.is(await second.ended, 1);
    for (const pid of left) process.kill(pid, 0); // throws if one did not stay

    const third = launch(room, ...flags);
    assert.is(await statusOfHold(await readyUrl(third), token, hold), 'held');
    for (const pid of left) assert.throws(() => process.kill(pid, 0), /ESRCH/);
    third.child.kill('SIGINT');
    assert.is(await third.ended, 0);
    assert.equal(await processesOf(room.folder), []);
  },
  START_LIMIT,
);

/** Whether every node is there and sees all others. */
async function isWhole(room: LauncherRoom): Promise<boolean> {
  const running = await readRunning(join(room.folder, 'running.json'));
  const logger = createLogger('test', 'silent');
  const parts = { name: 'test', role: 'commands', logger } as const;
  const redis = await openRedis(running?.redisUrl ?? '', parts);
  try {
    const nodes = isCluster(redis) ? redis.nodes('all') : [];
    const views = nodes.map((node) => node.cluster('NODES').catch(() => 'disconnected'));
    const lines = (await Promise.all(views)).map((text) => `${text}`.trim().split('\n'));
    const seesAll = (view: string[]): boolean =>
      view.length === NODES && view.every((line) => !/fail|disconnected/.test(line));
    return lines.length === NODES && lines.every(seesAll);
  } finally {
    redis.disconnect();
  }
}

/** Ids of the servers of the folder, by the ports that their guardian noted. */
async function serversOf(room: LauncherRoom): Promise<Promise<number>[]> {
  const notes = Array.from({ length: NODES }, (_, at) =>
    readFile(join(room.folder, `redis-node.port-${at + 1}`), 'utf8'),
  );
  return (await Promise.all(notes)).map((port) => redisPid(port.trim()));
}

test('a cluster that an old Redis cannot form is refused in one sentence', async (room) => {
  const program = join(room.folder, 'old-redis');
  const script = '#!/bin/sh\necho "Redis server v=6.0.16 sha=00000000:0 malloc=libc bits=64"\n';
  await writeFile(program, script, { mode: 0o755 });
  const flags = ['--port', '0', '--redis', 'cluster', '--redis-server', program];
  const launched = launch(room, ...flags);
  assert.is(await launched.ended, 1);
  assert.match(launched.out(), /^A cluster needs Redis 7 or newer, and .* is version 6; .*\n$/);
});

test.run();
