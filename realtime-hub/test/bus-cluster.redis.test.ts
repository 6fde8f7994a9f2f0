import { eventId, type FeedEntry, GENESIS_CHAIN, nextChain } from '@holdfast/db/model';
import { createLogger, openRedis, openSubscribers, realAmbient } from '@holdfast/infra/runtime';
import { startTestCluster, suite, type TestCluster } from '@holdfast/infra/testing';
import { createEmitter, type Emitter } from '@holdfast/realtime-hub/emitter';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { decodeDelta } from '../src/emitter/delta.ts';
import { until } from './until.ts';

const GALA = eventId('gala');
/** The channel of every delta; the slot of its name decides which primary carries the bus. */
const CHANNEL = 'holdfast#/#';
const FAILOVER_LIMIT_MS = 20_000;

type Member = {
  readonly emitter: Emitter;
  /** Offsets of the entries that it heard of, in order. */
  readonly heard: number[];
  readonly lines: string[];
  close(): Promise<void>;
};
type Room = { cluster: TestCluster | undefined; members: Member[]; sent: number };
const test = suite<Room>('bus on a cluster', { cluster: undefined, members: [], sent: 0 });

test.before(async (room) => {
  room.cluster = await startTestCluster();
  room.members = await Promise.all([join(room.cluster.url), join(room.cluster.url)]);
});

test.after(async (room) => {
  for (const member of room.members) await member.close();
  await room.cluster?.stop();
});

async function join(url: string): Promise<Member> {
  const lines: string[] = [];
  const logger = createLogger('test', 'warn', { write: (line) => void lines.push(line) });
  const commands = await openRedis(url, { name: 'test', role: 'commands', logger });
  const subscribers = await openSubscribers(url, commands, { name: 'test-news', logger });
  const emitter = createEmitter({
    publisher: commands,
    subscribers,
    ambient: realAmbient(),
    logger,
  });
  const heard: number[] = [];
  emitter.onDelta((message) => {
    heard.push(...(decodeDelta(message)?.entries ?? []).map(({ offset }) => offset));
  });
  return {
    ...{ emitter, heard, lines },
    close: async () => {
      await emitter.stop();
      subscribers.close();
      commands.disconnect();
    },
  };
}

/** A block of one seat, as a script would have told it. */
function entryAt(offset: number): FeedEntry {
  const line = `${offset}|block|blocked|1:-:x|||operator||||1`;
  return { offset, prev: GENESIS_CHAIN, chain: nextChain(GENESIS_CHAIN, line), line };
}

/** Sends deltas until one is heard, as a sale does; answers how long that took. */
async function untilHeard(room: Room, limitMs?: number): Promise<number> {
  const [from, to] = room.members;
  assert.ok(from !== undefined && to !== undefined);
  const startMs = performance.now();
  const firstOffset = room.sent + 1;
  await until(
    'a delta is heard',
    () => {
      room.sent += 1;
      from.emitter.publish(GALA, '1', [entryAt(room.sent)]);
      return to.heard.some((offset) => offset >= firstOffset);
    },
    limitMs,
  );
  return performance.now() - startMs;
}

async function asNode<T>(room: Room, at: number, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = room.cluster?.nodes[at]?.connect();
  assert.ok(redis !== undefined);
  return ask(redis).finally(() => redis.disconnect());
}

function clusterOf(room: Room): TestCluster {
  assert.ok(room.cluster !== undefined);
  return room.cluster;
}

test('row 10: deltas cross a cluster on a sharded channel; no ordinary one is sent to all nodes', async (room) => {
  await untilHeard(room);
  const carrier = await clusterOf(room).primaryOf(CHANNEL);
  const sharded = await asNode(room, carrier, (node) => node.call('PUBSUB', 'SHARDCHANNELS'));
  assert.ok(Array.isArray(sharded) && sharded.includes(CHANNEL));
  const ordinary = await asNode(room, carrier, (node) => node.call('PUBSUB', 'CHANNELS'));
  assert.equal(ordinary, []);
});

test('security 17: a stray message on the channel is told and ends nothing', async (room) => {
  const carrier = await clusterOf(room).primaryOf(CHANNEL);
  const [, to] = room.members;
  for (const stray of [
    '{"nsp":"/","type":3}',
    '{"nsp":"/","type":9,"data":{"packet":5}}',
    '{',
    '\u0001',
  ]) {
    await asNode(room, carrier, (node) => node.spublish(CHANNEL, stray));
  }
  await untilHeard(room);
  assert.ok(to?.lines.some((line) => line.includes('a message for the hubs was lost')));
});

test('I4: when the slot of the bus moves to another primary, the bus is heard there', async (room) => {
  const cluster = clusterOf(room);
  const from = await cluster.primaryOf(CHANNEL);
  const to = (from + 1) % 3;
  const slot = await asNode(room, from, (node) => node.cluster('KEYSLOT', CHANNEL));
  const id = await asNode(room, to, (node) => node.cluster('MYID'));
  // The slot has no keys: nothing but its name moves.
  for (const at of [to, from, 3 - to - from]) {
    await asNode(room, at, (node) => node.call('CLUSTER', 'SETSLOT', slot, 'NODE', `${id}`));
  }
  const tookMs = await untilHeard(room);
  assert.is(await cluster.primaryOf(CHANNEL), to);
  console.log(`the bus moved to another primary: heard again after ${Math.round(tookMs)} ms`);
});

test('rows 11, 33: the primary that carries the bus dies, and the bus is heard again from its replica', async (room) => {
  const cluster = clusterOf(room);
  const carrier = await cluster.primaryOf(CHANNEL);
  await cluster.kill(carrier);
  const tookMs = await untilHeard(room, FAILOVER_LIMIT_MS);
  assert.is.not(await cluster.primaryOf(CHANNEL), carrier);
  console.log(`the carrier of the bus died: heard again after ${Math.round(tookMs)} ms`);
});

test.run();
