import { type HoldId, holdId, ownerId } from '@holdfast/db/model';
import { createRedisHoldStore } from '@holdfast/db/redis';
import { suite } from '@holdfast/infra/testing';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { GALA, type HubBench, startHubBench } from './hub-bench.ts';
import { until } from './until.ts';
import { watching } from './watching.ts';

const test = suite('holds that Redis forgot');

/** The keys that hold an event's state, as the scripts know them. */
const KEYS = ['meta', 'map', 'seats', 'holds', 'owned', 'due', 'ended', 'idem', 'feed'];

/** All keys of the event as they are now; calling it puts them back, as an old copy would. */
async function copyOf(redis: Redis): Promise<() => Promise<void>> {
  const copies = await Promise.all(
    KEYS.map(async (name) => {
      const key = `{${GALA}}:${name}`;
      return [key, await redis.dumpBuffer(key)] as const;
    }),
  );
  return async () => {
    const back = redis.multi();
    for (const [key, copy] of copies) {
      if (copy === null) back.del(key);
      else back.restore(key, 0, copy, 'REPLACE');
    }
    await back.exec();
  };
}

async function place(bench: HubBench, redis: Redis, name: string, seat: number): Promise<HoldId> {
  const id = holdId(`${GALA}.${name.padEnd(22, '_')}`);
  const reply = await createRedisHoldStore({ redis }).place(GALA, {
    holdId: id,
    owner: ownerId(name),
    seats: [seat],
    quote: { currency: 'EUR', priceVersion: bench.chartHash, amounts: [100] },
    chartHash: bench.chartHash,
    addressHash: '',
    idemField: '',
    bodyHash: '',
    trail: { actor: 'test', reason: '', requestId: '', traceId: '' },
  });
  assert.is(reply.outcome, 'placed');
  bench.emitter.publish(GALA, reply.position.epoch, reply.entries);
  return id;
}

test('row 11: Redis comes back older: every forgotten holder is told hold.lost at either hub, others are not, and every map is true (I4)', async () => {
  const bench = await startHubBench(2);
  const redis = bench.redis.connect();
  const kept = await place(bench, redis, 'early', 1);
  const goBack = await copyOf(redis);
  const forgotten = await place(bench, redis, 'late', 2);
  const heard: OwnerNotice[][] = [];
  const open = async (hub: number, hold: HoldId) => {
    const notices: OwnerNotice[] = [];
    heard.push(notices);
    const viewer = await watching(bench, hub, 'all', { notice: (one) => notices.push(one) });
    viewer.nameHold(hold);
    return viewer;
  };
  const viewers = [await open(0, kept), await open(0, forgotten), await open(1, forgotten)];
  await until('all show the second hold', () => viewers.every(({ map }) => map[2] === 1));
  await goBack();
  await until(
    'the forgotten are told',
    () => (heard[1]?.length ?? 0) + (heard[2]?.length ?? 0) >= 2,
  );
  for (const notices of heard.slice(1)) {
    assert.equal(
      notices.map(({ kind, hold }) => [kind, hold]),
      [['hold.lost', forgotten]],
    );
  }
  assert.equal(heard[0], []);
  await until('all show that it is gone', () =>
    viewers.every(({ map, state }) => map[2] === 0 && map[1] === 1 && state.kind === 'live'),
  );
  for (const viewer of viewers) viewer.stop();
  redis.disconnect();
  await bench.stop();
});

test('who was away while the epoch began is told when it comes back', async () => {
  const bench = await startHubBench(1);
  const redis = bench.redis.connect();
  const goBack = await copyOf(redis);
  const forgotten = await place(bench, redis, 'away', 2);
  const notices: OwnerNotice[] = [];
  const watcher = await watching(bench, 0);
  const viewer = await watching(bench, 0, 'all', { notice: (one) => notices.push(one) });
  viewer.nameHold(forgotten);
  const { epoch } = viewer.position(0);
  viewer.stop();
  await goBack();
  await until('the epoch is another one', () => watcher.position(0).epoch !== epoch);
  const socket = bench.socket(0, { token: await bench.token('away'), event: GALA, protocol: 2 });
  const told: unknown[] = [];
  socket.on('notice', (notice) => told.push(notice));
  socket.connect();
  await socket.emitWithAck('watch', { sections: 'all', epoch, offsets: [], hold: forgotten });
  await until('it is told', () => told.length === 1);
  socket.disconnect();
  watcher.stop();
  redis.disconnect();
  await bench.stop();
});

test('row 11: who took over the new epoch and lost the connection before it was told is told when it connects anew, and who still has a hold is not', async () => {
  const bench = await startHubBench(1);
  const redis = bench.redis.connect();
  const goBack = await copyOf(redis);
  const forgotten = await place(bench, redis, 'unlucky', 2);
  await goBack();
  const kept = await place(bench, redis, 'lucky', 3);
  const watcher = await watching(bench, 0);
  await until('the new hold is shown', () => watcher.map[3] === 1);
  const { epoch } = watcher.position(0);
  const told: unknown[] = [];
  const comeBack = async (name: string, hold: HoldId) => {
    const socket = bench.socket(0, { token: await bench.token(name), event: GALA, protocol: 2 });
    socket.on('notice', (notice) => told.push([name, notice.hold, notice.kind]));
    socket.connect();
    await socket.emitWithAck('watch', { sections: 'all', epoch, offsets: [], hold });
    return socket;
  };
  const sockets = [await comeBack('lucky', kept), await comeBack('unlucky', forgotten)];
  await until('it is told', () => told.length > 0);
  assert.equal(told, [['unlucky', forgotten, 'hold.lost']]);
  for (const socket of sockets) socket.disconnect();
  watcher.stop();
  redis.disconnect();
  await bench.stop();
});

test.run();
