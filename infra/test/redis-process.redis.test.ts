import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { RedisStartError, startRedisProcess } from '../local/redis/redis-process.ts';
import { testRedisProgram } from '../testing/redis-server.ts';

type Room = { folder: string };
const test = suite<Room>('redis process', { folder: '' });

test.beforeEach(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-redis-process-'));
});

test.afterEach(({ folder }) => rm(folder, { recursive: true, force: true }));

test('a server whose end was asked for before it was started does not stay', async ({ folder }) => {
  const start = startRedisProcess({
    program: await testRedisProgram(),
    ...{ folder, keeps: 'nothing', readyLimitMs: 10_000 },
    signal: AbortSignal.abort(),
  });
  const outcome: unknown = await start.then(
    ({ child }) => `it runs: ${child.kill('SIGKILL')}`,
    (error: unknown) => error,
  );
  assert.instance(outcome, RedisStartError);
});

test.run();
