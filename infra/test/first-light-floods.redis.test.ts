import { createApiClient } from '@holdfast/booking-api/contract';
import { realAmbient } from '@holdfast/infra/runtime';
import { startStack, suite, type TestProcess, type TestStack } from '@holdfast/infra/testing';
import { PROTOCOL_VERSION, SOCKET_PATH } from '@holdfast/realtime-hub/protocol';
import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { hallChart } from '../testing/hall-chart.ts';
import { openLiveViewer } from '../testing/live-viewer.ts';
import { type OpenShow, openShow } from '../testing/open-show.ts';
import { readFigures, sumOfFigures } from '../testing/process-figures.ts';
import { shopperToken } from '../testing/sale/random-sale.ts';
import { until } from '../testing/until.ts';
import { type HalfOpen, openHalfOpen } from './first-light/half-open.ts';

type Room = { stack: TestStack; show: OpenShow };
const test = suite<{ room: Room | null }>('first light: floods');

const HALF_OPEN = 2_000;
const PACKETS = 10_000;
const MIB = 1_024 * 1_024;
/** What a hub and the gateway may take more while 6,000 half-open connections come and go. */
const GROWTH_MAX_BYTES = 256 * MIB;
/** The gateway gives headers 10 s, the hub gives joining 5 s; looked for once a second. */
const ENDED_LIMIT_MS = 25_000;
/** On a machine that does nothing else it is a few milliseconds. */
const SEEN_LIMIT_MS = 5_000;
const TEST_LIMIT_MS = 120_000;

test.before(async (given) => {
  const stack = await startStack({});
  const chart = hallChart({ sections: 2, rows: 4, seatsPerRow: 9 });
  given.room = { stack, show: await openShow(stack, { id: 'stormy-light', chart }) };
});
test.after(async ({ room }) => {
  await room?.stack.stop();
});

const residentBytes = async (process: TestProcess): Promise<number> =>
  sumOfFigures(await readFigures(process), /^process_resident_memory_bytes/);

/** Joins and unknown messages as fast as they can be written, each over a connection of its own. */
function flood(stack: TestStack, packet: string): Promise<void> {
  const socket = io(stack.gatewayUrl, {
    ...{ path: SOCKET_PATH, transports: ['websocket'], reconnection: false, forceNew: true },
    ...{ autoConnect: false, extraHeaders: { origin: stack.gatewayUrl } },
  });
  const closed = new Promise<void>((resolve) => socket.io.once('close', () => resolve()));
  socket.io.open(() => {
    for (let at = 0; at < PACKETS; at += 1) socket.io.engine.write(packet);
  });
  return closed;
}

test(
  'security 16, 18: 6,000 half-open connections, 10,000 joins and 10,000 unknown messages: every process lives, memory is bounded, a viewer sees each change',
  async ({ room }) => {
    if (room === null) throw new Error('the stack did not start');
    const { stack, show } = room;
    const url = stack.gatewayUrl;
    const [token, shopper] = await Promise.all([shopperToken(stack), shopperToken(stack)]);
    const states: string[] = [];
    const watching = { name: 'bystander', url, origin: url, show, ambient: realAmbient(), token };
    const bystander = openLiveViewer({
      ...watching,
      sections: 'all',
      onState: ({ kind }) => states.push(kind),
    });
    await until('the bystander is live', () => bystander.viewer.state.kind === 'live');
    const guarded = [...stack.hubs, stack.gateway];
    const before = await Promise.all(guarded.map(residentBytes));

    const floods = [
      flood(stack, `40${JSON.stringify({ token, event: show.id, protocol: PROTOCOL_VERSION })}`),
      flood(stack, '42["forged","frame"]'),
    ];
    const halves: HalfOpen[] = [];
    const slowest: number[] = [];
    const peaks = [...before];
    const api = createApiClient({ fetch, baseUrl: url, token: () => shopper });
    for (const beginning of ['nothing', 'half a request', 'an upgrade'] as const) {
      halves.push(await openHalfOpen(url, HALF_OPEN, beginning));
      slowest.push(await holdAndSee(api, show, () => bystander.viewer.map));
      for (const [at, bytes] of (await Promise.all(guarded.map(residentBytes))).entries()) {
        peaks[at] = Math.max(peaks[at] ?? 0, bytes);
      }
    }
    await Promise.all(floods);
    await until(
      'all half-open ones were ended',
      () => halves.every((half) => half.left() === 0),
      ENDED_LIMIT_MS,
    );
    const growth = peaks.map((peak, at) => Math.round((peak - (before[at] ?? 0)) / MIB));
    console.log(`resident memory grew by ${growth.join(', ')} MiB (hub, gateway)`);
    console.log(`a change was seen after at most ${Math.round(Math.max(...slowest))} ms`);
    for (const grown of growth) assert.ok(grown * MIB < GROWTH_MAX_BYTES, `${grown} MiB`);
    assert.equal(states, ['catching-up', 'live'], 'the viewer was not disturbed');
    assert.equal(stack.troubles(), [], 'no process died');
    bystander.stop();
  },
  { timeoutMs: TEST_LIMIT_MS },
);

/** Holds a seat, waits until the viewer shows it, and gives it back; answers how long that took. */
async function holdAndSee(
  api: ReturnType<typeof createApiClient>,
  show: OpenShow,
  map: () => Uint8Array,
): Promise<number> {
  const startedMs = performance.now();
  const [label = ''] = show.labels;
  const body = { seats: [label], chartHash: show.chartHash };
  const placed = await api.call('placeHold', { params: { event: show.id }, body });
  if (placed.kind !== 'done') throw new Error(`not held: ${JSON.stringify(placed)}`);
  await until('the viewer saw the seat', () => map()[0] === 1, SEEN_LIMIT_MS);
  const tookMs = performance.now() - startedMs;
  await api.call('releaseHold', { params: { event: show.id, hold: `${placed.body.id}` } });
  await until('the viewer saw it come free', () => map()[0] === 0, SEEN_LIMIT_MS);
  return tookMs;
}

test.run();
