import { suite } from '@holdfast/infra/testing';
import { hubRefusal } from '@holdfast/realtime-hub/protocol';
import type { Socket } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { type HubBench, handshake, startHubBench } from './hub-bench.ts';
import { nextMessage, until } from './until.ts';

const test = suite('full hub');
const SOCKETS_MAX = 2;

let bench: HubBench;
test.before(async () => {
  bench = await startHubBench(1, { socketsMax: SOCKETS_MAX });
});
test.after(() => bench.stop());

/** The socket once it is in, or what its handshake was refused with. */
async function come(): Promise<Socket | unknown> {
  const socket = bench.socket(0, handshake(await bench.token('shopper')));
  const entered = nextMessage(socket, 'connect').then(() => socket);
  const refused = nextMessage(socket, 'connect_error').then((error) => {
    socket.disconnect();
    return error instanceof Error ? Reflect.get(error, 'data') : error;
  });
  socket.connect();
  return await Promise.race([entered, refused]);
}

test('security 16: a hub with all its sockets taken tells newcomers so, with when to try again, and disturbs nobody', async () => {
  const inside: Socket[] = [];
  for (let at = 0; at < SOCKETS_MAX; at += 1) {
    const socket = bench.socket(0, handshake(await bench.token('shopper')));
    socket.connect();
    await nextMessage(socket, 'connect');
    inside.push(socket);
  }
  const full = hubRefusal('hub.full');
  assert.equal(await come(), full);
  assert.equal([full.next, full.retryAfterMs], ['retry', 2_000]);
  assert.is(await bench.metric(0, 'holdfast_hub_refusals_total'), 1);
  for (const socket of inside) {
    const reply: unknown = await socket.timeout(5_000).emitWithAck('watch', { sections: [0] });
    assert.is(Object(reply).outcome, 'watching');
  }
  inside[0]?.disconnect();
  await until('somebody is let in where somebody left', async () => 'id' in Object(await come()));
});

test.run();
