import { type EventId, eventId } from '@holdfast/db/model';
import { alarmKey, type RedisConnection } from '@holdfast/db/redis';
import {
  createLogger,
  openRedis,
  openSubscribers,
  type RedisSubscribers,
  realAmbient,
} from '@holdfast/infra/runtime';
import { partnerOf, startTestCluster, suite, type TestCluster } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createKeyspaceNotices, type KeyspaceNotices } from '../src/keyspace-notices.ts';
import { until } from './redis-rig.ts';
import { numberedHold } from './rig.ts';

const PRIMARIES = 3;
const ALARM_MS = 50;
const FAILOVER_LIMIT_MS = 20_000;
const logger = createLogger('test', 'silent');

type Room = {
  cluster: TestCluster | undefined;
  commands: RedisConnection | undefined;
  subscribers: RedisSubscribers | undefined;
  notices: KeyspaceNotices | undefined;
  due: EventId[];
  subscriptions: number;
};
const test = suite<Room>('keyspace notices of a cluster', {
  ...{ cluster: undefined, commands: undefined, subscribers: undefined, notices: undefined },
  ...{ due: [], subscriptions: 0 },
});

test.before(async (room) => {
  const cluster = await startTestCluster();
  const commands = await openRedis(cluster.url, { name: 'test', role: 'commands', logger });
  const subscribers = await openSubscribers(cluster.url, commands, { name: 'test-n', logger });
  const notices = createKeyspaceNotices({
    subscribers,
    timers: realAmbient().timers,
    onDue: (event) => void room.due.push(event),
    onSubscribed: () => {
      room.subscriptions += 1;
    },
    onTrouble: () => undefined,
  });
  notices.start();
  Object.assign(room, { cluster, commands, subscribers, notices });
});

test.after(async (room) => {
  await room.notices?.stop();
  room.subscribers?.close();
  room.commands?.disconnect();
  await room.cluster?.stop();
});

/** An event whose keys lie on each of the three that began as primaries. */
async function eventOnEach(cluster: TestCluster): Promise<EventId[]> {
  const found: EventId[] = [];
  for (let number = 1; Object.keys(found).length < PRIMARIES; number += 1) {
    const event = eventId(`gala-${number}`);
    const at = await cluster.primaryOf(`{${event}}`);
    found[at] ??= event;
  }
  return found;
}

function parts(room: Room): { cluster: TestCluster; commands: RedisConnection } {
  assert.ok(room.cluster !== undefined && room.commands !== undefined);
  return { cluster: room.cluster, commands: room.commands };
}

/** Sets an alarm that ends at once; false while its primary is away. */
async function ringAt(commands: RedisConnection, event: EventId, number: number): Promise<boolean> {
  const key = alarmKey(event, numberedHold(event, number));
  return commands.set(key, '', 'PX', ALARM_MS).then(
    () => true,
    () => false,
  );
}

test('row 15: there is one subscriber for each primary, and an alarm on any of them is heard', async (room) => {
  const { cluster, commands } = parts(room);
  await until('each primary is subscribed to', () => room.subscriptions === PRIMARIES);
  const events = await eventOnEach(cluster);
  for (const event of events) await ringAt(commands, event, 1);
  await until('each alarm was heard', () => events.every((event) => room.due.includes(event)));
  assert.is(room.subscribers?.current().length, PRIMARIES);
});

test('rows 11, 15: when a primary dies, its replica is subscribed to, live events are looked at, and its alarms are heard', async (room) => {
  const { cluster, commands } = parts(room);
  const [event] = await eventOnEach(cluster);
  assert.ok(event !== undefined);
  await cluster.kill(0);
  const startMs = performance.now();
  room.due.length = 0;
  room.subscriptions = 0;
  let number = 1;
  await until(
    'an alarm of the event is heard again',
    async () => {
      number += 1;
      if (await ringAt(commands, event, number)) await new Promise((ring) => setTimeout(ring, 100));
      return room.due.includes(event);
    },
    FAILOVER_LIMIT_MS,
  );
  console.log(`notices came back ${Math.round(performance.now() - startMs)} ms after the kill`);
  assert.is(await cluster.primaryOf(`{${event}}`), partnerOf(0));
  // That is what makes the worker look at all live events.
  assert.is(room.subscriptions, 1);
  const ports = room.subscribers?.current().map(({ options }) => options.port);
  assert.not.ok(ports?.includes(cluster.nodes[0]?.port));
});

test.run();
