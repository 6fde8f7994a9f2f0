import { createServer } from 'node:http';
import { ownerId } from '@holdfast/db/model';
import { createLogger, realAmbient, type TokenVerifier } from '@holdfast/infra/runtime';
import { suite } from '@holdfast/infra/testing';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { waitingBytes } from '../src/hub/backlog.ts';
import { HubEvents } from '../src/hub/hub-events.ts';
import {
  type HubSocket,
  ViewerSession,
  WAITING_BYTES_END,
  WAITING_BYTES_MAX,
  WAITING_REQUESTS_MAX,
} from '../src/hub/viewer-session.ts';
import { EVENT, openSimulatedEvent, SECTIONS } from './simulated-event.ts';
import { nextMessage, until } from './until.ts';

const test = suite('slow viewer');

/** Only slowness is counted here. */
function countingSlow(counted: { slow: number }) {
  return {
    connected: () => undefined,
    sent: () => undefined,
    answered: () => undefined,
    refused: () => undefined,
    slow: () => {
      counted.slow += 1;
    },
    unknownMessage: () => undefined,
  };
}

/** A real connection whose client can stop reading, and the session that guards it. */
async function connection(verify?: TokenVerifier['verify']) {
  const ambient = realAmbient();
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const events = new HubEvents({
    store: (await openSimulatedEvent(ambient)).store,
    ambient,
    sectionsOf: () => Promise.resolve(SECTIONS),
    sink: {
      has: () => false,
      send: () => undefined,
      sale: () => undefined,
      truth: () => undefined,
      epochBegan: () => undefined,
      again: () => undefined,
    },
    onLoading: () => undefined,
    onFailure: () => undefined,
  });
  const client = io(`ws://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false });
  const socket = await new Promise<HubSocket>((resolve) => server.once('connection', resolve));
  const counted = { slow: 0 };
  const owner = ownerId('viewer');
  const expiresAtMs = ambient.clock.wallMs() + 60_000;
  const session = new ViewerSession({
    socket,
    admitted: { outcome: 'admitted', owner, event: EVENT, token: 'token', expiresAtMs },
    events,
    rollCall: { ask: () => undefined, stop: () => undefined },
    verifier: {
      verify:
        verify ??
        (() => Promise.resolve({ ok: true, subject: owner, role: 'shopper', expiresAtMs })),
    },
    ambient,
    metrics: countingSlow(counted),
    logger: createLogger('test', 'silent'),
  });
  session.start();
  return {
    server,
    socket,
    client,
    session,
    counted,
    /** Sends until `bytes` wait, with time for the kernel to take what it can. */
    flood: async (bytes: number) => {
      const text = 'x'.repeat(10_000);
      while (waitingBytes(socket.conn) < bytes) {
        socket.emit('f', text);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    stop: async () => {
      const tcp = tcpOf(client);
      client.disconnect();
      tcp.destroy(); // a client that does not read never answers the closing handshake
      session.close();
      events.stop();
      await server.close();
    },
  };
}

type Tcp = { pause(): void; resume(): void; destroy(): void };

/** The TCP connection of a client; test only, the library does not show it. */
function tcpOf(client: unknown): Tcp {
  const at = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);
  const tcp = at(at(at(at(at(client, 'io'), 'engine'), 'transport'), 'ws'), '_socket');
  assert.type(at(tcp, 'pause'), 'function');
  // Tested on the line above.
  return tcp as Tcp;
}

test('row 35: bytes that wait for a reader are counted, and fall to 0 when it reads', async () => {
  const link = await connection();
  assert.is(waitingBytes(link.socket.conn), 0);
  tcpOf(link.client).pause();
  await link.flood(WAITING_BYTES_MAX);
  tcpOf(link.client).resume();
  await until('all was read', () => waitingBytes(link.socket.conn) === 0);
  await link.stop();
});

test('row 35, I4: a viewer that falls behind leaves its rooms, and is told to watch again once it has read', async () => {
  const link = await connection();
  const reply: unknown = await link.client.emitWithAck('watch', { sections: 'all' });
  assert.is(Reflect.get(Object(reply), 'outcome'), 'watching');
  const room = 'event:gala:all';
  assert.ok(link.socket.rooms.has(room));
  const again = nextMessage(link.client, 'again');
  tcpOf(link.client).pause();
  await link.flood(WAITING_BYTES_MAX + 20_000);
  link.session.checkBacklog();
  assert.ok(link.socket.rooms.has(room), 'one look is not enough');
  link.session.checkBacklog();
  assert.not.ok(link.socket.rooms.has(room));
  assert.is(link.counted.slow, 1);
  tcpOf(link.client).resume();
  assert.is(Reflect.get(Object(await again), 'code'), 'viewer.slow');
  await link.stop();
});

test('row 35: a connection that does not read at all is ended, and what waits for it is dropped', async () => {
  const link = await connection();
  const gone = nextMessage(link.socket, 'disconnect');
  tcpOf(link.client).pause();
  await link.flood(WAITING_BYTES_END + 20_000);
  link.session.checkBacklog();
  await gone;
  await link.stop();
});

test('row 35: requests that cannot be answered yet do not pile up: those beyond a few are refused', async () => {
  const late = Promise.withResolvers<Awaited<ReturnType<TokenVerifier['verify']>>>();
  const link = await connection(() => late.promise);
  const refused: unknown[] = [];
  for (let asked = 0; asked < WAITING_REQUESTS_MAX + 3; asked += 1) {
    link.client.emit('watch', { sections: 'all' }, (reply: unknown) => refused.push(reply));
  }
  await until('the surplus was refused', () => refused.length === 3);
  for (const reply of refused) assert.is(Reflect.get(Object(reply), 'code'), 'rate.exceeded');
  late.resolve({ ok: false, code: 'token.expired' });
  await link.stop();
});

test.run();
