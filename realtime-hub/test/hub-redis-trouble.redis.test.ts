import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { GALA, handshake, startHubBench } from './hub-bench.ts';
import { nextMessage, until } from './until.ts';
import { watching } from './watching.ts';

const test = suite('hub when Redis fails');

test('row 33, I4: subscriptions killed under load, and every viewer shows the true map afterwards', async () => {
  const bench = await startHubBench(2);
  const viewers = [
    await watching(bench, 0),
    await watching(bench, 1),
    await watching(bench, 1, [1]),
  ];
  const admin = bench.redis.connect();
  for (let round = 0; round < 60; round += 1) {
    if (round % 15 === 7) await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await bench.flip((round * 7) % 52);
  }
  const truth = await bench.truth();
  await until('every viewer shows the truth', () =>
    viewers.every((viewer, at) =>
      viewer.map.every(
        (state, seat) => (at === 2 && (seat < 12 || seat > 51)) || state === truth[seat],
      ),
    ),
  );
  for (const hub of [0, 1]) {
    assert.is(await bench.metric(hub, 'holdfast_hub_projection_repairs_total'), 0);
  }
  for (const viewer of viewers) viewer.stop();
  admin.disconnect();
  await bench.stop();
});

test('security 17, I4: Redis gone for good: viewers stay and are told that their map may be old (I4), hints are lost, the process lives and ends in order', async () => {
  const bench = await startHubBench(1);
  const viewer = await watching(bench, 0);
  const owner = bench.socket(0, handshake(await bench.token('other')));
  const entry = { offset: 1, prev: '0'.repeat(16), chain: 'a'.repeat(16) };
  const line = '1|block|blocked|1:-:x|||test|test|||1700000000000';
  await bench.redis.crash();
  await until('the hub cannot read its store', async () => {
    bench.emitter.publish(GALA, '9', [{ ...entry, line }]);
    return (await bench.metric(0, 'holdfast_hub_projection_failures_total')) > 0;
  });
  await until('the viewer says that its map may be old', () => viewer.state.kind === 'unverified');
  const late = await watching(bench, 0, 'all', {}, 'unverified');
  assert.equal(late.map, viewer.map, 'who comes now sees the seats as they were last known');
  owner.connect();
  await nextMessage(owner, 'connect');
  await bench.emitter.drain();
  viewer.stop();
  late.stop();
  await bench.stop();
});

test('a hub whose Redis stood still says so, and says when it is back (I4)', async () => {
  const bench = await startHubBench(1);
  const states: string[] = [];
  const viewer = await watching(bench, 0, 'all', { state: ({ kind }) => states.push(kind) });
  await bench.redis.pause();
  await until('the viewer says that its map may be old', () => viewer.state.kind === 'unverified');
  await bench.redis.resume();
  await until('the viewer is live again', () => viewer.state.kind === 'live');
  assert.equal(states.slice(-2), ['unverified', 'live']);
  viewer.stop();
  await bench.stop();
});

test.run();
