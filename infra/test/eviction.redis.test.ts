import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { CHECKOUT } from '../local/checkout.ts';
import { startChild } from '../local/processes/child-process.ts';
import { createProcessLog } from '../local/processes/process-log.ts';
import { RedisEvictsError, requireNoEviction } from '../runtime/eviction.ts';
import { createLogger } from '../runtime/logger.ts';

type Room = { server: TestRedis | undefined; client: Redis | undefined };
const test = suite<Room>('eviction', { server: undefined, client: undefined });
const READY_LIMIT_MS = 15_000;

test.before(async (room) => {
  room.server = await startTestRedis(['--maxmemory-policy', 'allkeys-lru']);
  room.client = room.server.connect();
});

test.after(async (room) => {
  room.client?.disconnect();
  await room.server?.stop();
});

function parts(room: Room): { server: TestRedis; client: Redis } {
  assert.ok(room.server !== undefined && room.client !== undefined);
  return { server: room.server, client: room.client };
}

for (const [service, entry] of Object.entries({
  api: 'booking-api/src/main.ts',
  worker: 'expiry-worker/src/main.ts',
})) {
  test(`row 14: on a server that may evict keys the ${service} ends with one sentence that says what to do`, async (room) => {
    const { server } = parts(room);
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-evicts-'));
    const log = createProcessLog(null);
    const child = startChild({
      name: service,
      entry: join(CHECKOUT, entry),
      env: {
        ...process.env,
        REDIS_URL: server.url,
        LOCK_REDIS_URLS: '',
        CATALOGUE_FILE: join(folder, 'catalogue.sqlite'),
        SIGNING_KEYS_FILE: join(folder, 'signing-keys.json'),
        ...{ HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'info' },
      },
      log,
      readyLimitMs: READY_LIMIT_MS,
    });
    const refused: unknown = await child.ready.catch((error: unknown) => error);
    child.kill('SIGKILL');
    await child.ended;
    log.close();
    await rm(folder, { recursive: true, force: true });
    const sentence = refused instanceof Error ? refused.message : 'it was ready';
    assert.match(sentence, /exit code 1/);
    assert.match(sentence, /may evict keys \(maxmemory-policy allkeys-lru\)/);
    assert.match(sentence, 'CONFIG SET maxmemory-policy noeviction');
  });
}

test('row 14: a server that does not tell whether it evicts is believed, which is a line for those who look closely', async (room) => {
  const { client } = parts(room);
  const lines: string[] = [];
  const logger = createLogger('test', 'debug', { write: (line) => void lines.push(line) });
  const refused: unknown = await requireNoEviction(client, logger).catch((error: unknown) => error);
  assert.instance(refused, RedisEvictsError);
  await client.acl('SETUSER', 'default', '-info');
  await requireNoEviction(client, logger);
  await client.acl('SETUSER', 'default', '+info');
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', '"level":"debug"');
  await client.config('SET', 'maxmemory-policy', 'noeviction');
  await requireNoEviction(client, logger);
});

test.run();
