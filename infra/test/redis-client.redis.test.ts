import { connect, createServer } from 'node:net';
import { eventId } from '@holdfast/db/model';
import { createSeatLock, type RedisConnection, type SeatLock } from '@holdfast/db/redis';
import { freePort, startTestRedis, suite, type TestRedis } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createLogger } from '../runtime/logger.ts';
import { realAmbient } from '../runtime/real-ambient.ts';
import { openRedis, RedisUnreachableError } from '../runtime/redis-client.ts';
import { until } from '../testing/until.ts';

type Room = { server: TestRedis | undefined; client: RedisConnection | undefined };
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

function parts(room: Room): { server: TestRedis; client: RedisConnection } {
  assert.ok(room.server !== undefined && room.client !== undefined);
  return { server: room.server, client: room.client };
}

const rejection = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it resolved',
    (error: unknown) => String(error),
  );

const SHOW = eventId('gala');

const openLocks = (urls: readonly string[]): Promise<RedisConnection[]> =>
  Promise.all(urls.map((url) => openRedis(url, { name: 'test', role: 'lock', logger })));

const deadAddress = async (): Promise<string> => `redis://127.0.0.1:${await freePort()}`;

function seatLock(clients: readonly RedisConnection[], missed: string[]): SeatLock {
  const onMissed = (reason: string): void => void missed.push(reason);
  return createSeatLock({ clients, ambient: realAmbient(), onMissed });
}

test('a client that opens is ready for commands, several in one tick too', async (room) => {
  const { client } = parts(room);
  assert.equal(await Promise.all([client.set('a', '1'), client.get('a')]), ['OK', '1']);
});

test('row 8: a server that stands still costs a command its time limit, not for ever', async (room) => {
  const { server, client } = parts(room);
  await server.pause();
  assert.match(await rejection(client.get('a')), /timed out/);
  await server.resume();
});

test('row 8: a command in flight when the server dies is rejected, later ones at once', async (room) => {
  const { server, client } = parts(room);
  const inFlight = rejection(client.blpop('never', 0));
  await client.ping().catch(() => undefined);
  const closed = new Promise((resolve) => client.once('close', resolve));
  await server.crash();
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

test('of three lock servers one may be dead at start: its client opens, the others are a quorum', async (room) => {
  const { server, client } = parts(room);
  const second = await startTestRedis();
  const locks = await openLocks([server.url, second.url, await deadAddress()]);
  const missed: string[] = [];
  const lock = seatLock(locks, missed);
  const keys = await lock.withSeats(SHOW, [3], () => client.keys('*'));
  assert.equal(keys, [`{${SHOW}}:lock:seat:3`]);
  assert.equal(missed, []);
  for (const each of locks) each.disconnect();
  await second.stop();
});

test('with most lock servers dead at start, work goes on without the lock and counts the miss', async (room) => {
  const { server } = parts(room);
  const locks = await openLocks([server.url, await deadAddress(), await deadAddress()]);
  const missed: string[] = [];
  assert.is(await seatLock(locks, missed).withSeats(SHOW, [3], async () => 'ran'), 'ran');
  assert.equal(missed, ['silent']);
  for (const each of locks) each.disconnect();
});

test('a lock server that comes later is found; its absence was one line that hides the password', async (room) => {
  const { server, client: other } = parts(room);
  const port = await freePort();
  const lines: string[] = [];
  const told = createLogger('test', 'warn', { write: (line) => void lines.push(line) });
  const url = `redis://:hunter2@127.0.0.1:${port}`;
  const client = await openRedis(url, { name: 'test', role: 'lock', logger: told });
  let attempts = 0;
  client.on('error', () => {
    attempts += 1;
  });
  await until('it was tried more than once', () => attempts > 1);
  assert.match(await rejection(client.get('a')), /Error/);
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', `the lock server at redis://127.0.0.1:${port}`);
  assert.not.match(lines[0] ?? '', 'hunter2');
  await other.config('SET', 'requirepass', 'hunter2');
  const late = createServer((from) => {
    const to = connect(server.port, '127.0.0.1');
    for (const end of [from, to]) end.on('error', () => undefined);
    from.pipe(to).pipe(from);
  }).listen(port, '127.0.0.1');
  await until('the client is ready', () => client.status === 'ready');
  assert.is(await client.set('a', '1'), 'OK');
  client.disconnect();
  await new Promise((resolve) => late.close(resolve));
});

test.run();
