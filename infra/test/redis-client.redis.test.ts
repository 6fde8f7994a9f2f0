import { freePort, startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { createLogger } from '../runtime/logger.ts';
import { openRedis, RedisUnreachableError } from '../runtime/redis-client.ts';

type Room = { server: TestRedis | undefined; client: Redis | undefined };
const test = suite<Room>('redis client', { server: undefined, client: undefined });
const logger = createLogger('test', 'silent');

test.beforeEach(async (room) => {
  room.server = await startTestRedis();
  room.client = await openRedis(room.server.url, { name: 'test', role: 'commands', logger });
});

test.afterEach(async (room) => {
  room.client?.disconnect();
  await room.server?.stop();
});

function parts(room: Room): { server: TestRedis; client: Redis } {
  assert.ok(room.server !== undefined && room.client !== undefined);
  return { server: room.server, client: room.client };
}

const rejection = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it resolved',
    (error: unknown) => String(error),
  );

test('a client that opens is ready for commands, several in one tick too', async (room) => {
  const { client } = parts(room);
  assert.equal(await Promise.all([client.set('a', '1'), client.get('a')]), ['OK', '1']);
});

test('a server that stands still costs a command its time limit, not for ever', async (room) => {
  const { server, client } = parts(room);
  server.process.kill('SIGSTOP');
  assert.match(await rejection(client.get('a')), /timed out/);
  server.process.kill('SIGCONT');
});

test('a command in flight when the server dies is rejected, later ones at once', async (room) => {
  const { server, client } = parts(room);
  const inFlight = rejection(client.blpop('never', 0));
  await client.ping().catch(() => undefined);
  const closed = new Promise((resolve) => client.once('close', resolve));
  server.process.kill('SIGKILL');
  await closed;
  assert.not.match(await inFlight, 'it resolved');
  assert.not.match(await rejection(client.get('a')), 'it resolved');
});

test('an address where nobody listens is refused with one sentence that hides the password', async () => {
  const port = await freePort();
  const error: unknown = await openRedis(`redis://:hunter2@127.0.0.1:${port}`, {
    name: 'test',
    role: 'commands',
    logger,
    readyLimitMs: 300,
  }).catch((thrown: unknown) => thrown);
  assert.instance(error, RedisUnreachableError);
  const sentence = error instanceof Error ? error.message : '';
  assert.match(sentence, `redis://127.0.0.1:${port}`);
  assert.match(sentence, 'REDIS_URL');
  assert.not.match(sentence, 'hunter2');
});

test.run();
