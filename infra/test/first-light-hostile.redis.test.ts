import { createApiClient } from '@holdfast/booking-api/contract';
import { readStoredEvent } from '@holdfast/db/redis';
import { realAmbient } from '@holdfast/infra/runtime';
import { startStack, suite, type TestStack } from '@holdfast/infra/testing';
import { PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openLiveViewer } from '../testing/live-viewer.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { shopperToken } from '../testing/sale/random-sale.ts';
import { until } from '../testing/until.ts';
import { hostileCalls } from './first-light/hostile-calls.ts';
import { brokenUpgrades, isRefused, sendBytes, watchWith } from './first-light/hostile-sockets.ts';

/** A line of a stack trace, or a path of this installation. */
const INSIDES = /\bat \S+ \(|node_modules|file:\/\/|\/src\/|ReplyError|SQLITE/;

type Room = { stack: TestStack; redis: Redis; show: OpenShow; hold: string; token: string };
const test = suite<{ room: Room | null }>('first light: hostile input', { room: null });

test.before(async (given) => {
  const stack = await startStack({});
  const redis = new Redis(stack.redisUrl);
  const chart = hallChart({ sections: 2, rows: 4, seatsPerRow: 9 });
  const show = await openShow(stack, { id: 'calm-light', chart });
  const owner = await shopperToken(stack);
  const api = createApiClient({ fetch, baseUrl: stack.gatewayUrl, token: () => owner });
  const placed = await api.call('placeHold', {
    params: { event: show.id },
    body: { seats: ['A-1-1', 'A-1-2'], chartHash: show.chartHash },
  });
  if (placed.kind !== 'done') throw new Error('the bystander could not hold seats');
  const token = await shopperToken(stack);
  given.room = { stack, redis, show, hold: placed.body.id, token };
});

test.after(async ({ room }) => {
  room?.redis.disconnect();
  await room?.stack.stop();
});

/** Does what is hostile, while somebody watches; then nothing may have changed or died. */
async function unharmed(
  given: { room: Room | null },
  attack: (room: Room) => Promise<void>,
): Promise<void> {
  const { room } = given;
  if (room === null) throw new Error('the stack did not start');
  const { stack, redis, show } = room;
  const url = stack.gatewayUrl;
  const token = await shopperToken(stack);
  const ambient = realAmbient();
  const watching = { name: 'bystander', url, origin: url, show, ambient, token };
  const states: string[] = [];
  const bystander = openLiveViewer({
    ...watching,
    sections: 'all',
    onState: ({ kind }) => states.push(kind),
  });
  try {
    await until('the bystander is live', () => bystander.viewer.state.kind === 'live');
    const processes = [...stack.apis, ...stack.hubs, ...stack.workers, stack.gateway];
    const pids = processes.map((process) => process.pid());
    const before = await readStoredEvent(redis, show.id);

    await attack(room);

    assert.equal(await readStoredEvent(redis, show.id), before, 'nothing changed');
    assert.equal(
      processes.map((process) => process.pid()),
      pids,
      'every process is the one it was',
    );
    assert.equal(stack.troubles(), []);
    assert.equal(states, ['catching-up', 'live'], 'who did nothing wrong was not disturbed');
    assert.equal(bystander.viewer.map, before.map);
  } finally {
    bystander.stop();
  }
}

test(
  'security 8, 13, 19, I5: wrong bodies, addresses and tokens on every route get a documented refusal without insides, and change nothing',
  (given) =>
    unharmed(given, async ({ stack, show, hold, token }) => {
      const { id: event, chartHash } = show;
      let calls = 0;
      for (const call of hostileCalls({ token, event, foreignHold: hold, chartHash })) {
        const { method, path, headers, body } = call;
        const init = { method, headers, ...(body === undefined ? {} : { body }) };
        const answer = await fetch(stack.gatewayUrl + path, init).catch((cause: unknown) => {
          throw new Error(`${call.name} got no answer`, { cause });
        });
        const text = await answer.text();
        calls += 1;
        const isOpen = method === 'GET' && answer.status === 200 && !path.includes('/holds');
        const isNo = answer.status >= 400 && answer.status < 500;
        assert.ok(isOpen || isNo, `${call.name}: ${answer.status} ${text.slice(0, 300)}`);
        if (isNo)
          assert.match(answer.headers.get('content-type') ?? '', 'application/problem+json');
        if (isNo) assert.not.match(text, INSIDES, call.name);
        assert.is(answer.headers.get('x-injected'), null);
      }
      console.log(`${calls} hostile calls`);
    }),
  { timeoutMs: 60_000 },
);

test(
  'security 16, 20, I5: hostile handshakes, watch requests and broken WebSocket frames end at most their own connection',
  (given) =>
    unharmed(given, async ({ stack, show, token }) => {
      const url = stack.gatewayUrl;
      const good = { token, event: show.id, protocol: PROTOCOL_VERSION };
      const handshakes: unknown[] = [
        null,
        [],
        'text',
        {},
        { ...good, token: `${token}x` },
        { ...good, token: 'a'.repeat(20_000) },
        { ...good, event: '__proto__' },
        { ...good, event: 'x'.repeat(5_000) },
        { ...good, protocol: -1 },
        { ...good, extra: { deep: [[[]]] } },
      ];
      for (const auth of handshakes) {
        assert.ok(await isRefused(url, auth), `${JSON.stringify(auth)}`.slice(0, 80));
      }
      const requests: unknown[] = [
        null,
        -1,
        { sections: [-1] },
        { sections: Array.from({ length: 10_000 }, (_, at) => at) },
        { sections: 'x'.repeat(1_000_000) },
        { sections: 'all', __proto__: null, extra: true },
        JSON.parse('{"sections":"all","__proto__":{"x":1}}'),
        { sections: 'all', epoch: '1', offsets: [[0, -1]] },
      ];
      const answers = await watchWith(url, { token, event: show.id }, requests);
      for (const answer of answers) {
        const text = JSON.stringify(answer);
        assert.not.match(text, '"watching"');
        assert.not.match(text, INSIDES);
      }
      for (const bytes of brokenUpgrades(url)) {
        assert.not.match(await sendBytes(url, bytes), INSIDES);
      }
    }),
  { timeoutMs: 60_000 },
);

test.run();
