import { suite } from '@holdfast/infra/testing';
import { PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';
import type { Socket } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { type HubBench, handshake, ORIGIN, startHubBench } from './hub-bench.ts';
import {
  frame,
  PING_FRAME,
  type RawSocket,
  rawConnect,
  TEXT_FRAME,
  upgradeHead,
} from './raw-socket.ts';
import { nextMessage, until } from './until.ts';

const test = suite('security 16: hub under floods');
const FLOOD = 10_000;
const SOCKETS_PER_ADDRESS_MAX = 200;
/** Beside the sockets there is room for a few connections that are not one yet. */
const CONNECTIONS_PER_ADDRESS_MAX = SOCKETS_PER_ADDRESS_MAX + 20;
/** Half-open ones are ended 5 s after they began, looked for once a second, closed within 2 s. */
const HALF_OPEN_LIMIT_MS = 14_000;

let bench: HubBench;
let port = 0;
let bystander: Socket;
let disturbed = 0;

test.before(async () => {
  bench = await startHubBench(1, { socketsPerAddressMax: SOCKETS_PER_ADDRESS_MAX });
  port = bench.hubs[0]?.hub.port ?? 0;
  bystander = await joined();
  bystander.on('disconnect', () => {
    disturbed += 1;
  });
});
test.after(() => bench.stop());

/** After each flood: who did nothing wrong is answered at once, and no socket of the flood is left. */
test.afterEach(async () => {
  const reply: unknown = await bystander.timeout(1_000).emitWithAck('watch', { sections: [0] });
  assert.is(Object(reply).outcome, 'watching');
  assert.is(disturbed, 0);
  await until('only the bystander is left', async () => (await connections()) === 1);
});

const connections = () => bench.metric(0, 'holdfast_hub_connections');
const refusals = () => bench.metric(0, 'holdfast_hub_refusals_total');

async function joined(): Promise<Socket> {
  const socket = bench.socket(0, handshake(await bench.token('shopper')));
  socket.connect();
  await nextMessage(socket, 'connect');
  return socket;
}

/** An upgraded connection that has not tried to join. */
async function upgraded(): Promise<RawSocket> {
  const raw = await rawConnect(port);
  raw.send(`${upgradeHead(ORIGIN)}\r\n`);
  await until('the upgrade was answered', () => raw.got().includes('\r\n\r\n'));
  assert.match(raw.got(), /^HTTP\/1\.1 101 /);
  return raw;
}

test('10,000 joins over one connection join it at most once, and end it', async () => {
  const before = await refusals();
  const auth = JSON.stringify(handshake(await bench.token('shopper')));
  const socket = bench.socket(0, {});
  const opened = new Promise<void>((resolve) => socket.io.once('open', () => resolve()));
  socket.io.open();
  await opened;
  let most = 0;
  const watching = setInterval(() => {
    void connections().then((count) => {
      most = Math.max(most, count);
    });
  }, 1);
  const closed = new Promise((resolve) => socket.io.once('close', resolve));
  for (let at = 0; at < FLOOD; at += 1) socket.io.engine.write(`40${auth}`);
  await closed;
  clearInterval(watching);
  assert.ok(most <= 2, `${most} sockets of one connection and the bystander`);
  assert.ok((await refusals()) - before <= 10, 'nothing was judged 10,000 times');
});

test('10,000 watch requests over one connection: a few are answered, then it is ended', async () => {
  const socket = await joined();
  const before = await refusals();
  const closed = nextMessage(socket, 'disconnect');
  let answered = 0;
  for (let at = 0; at < FLOOD; at += 1) {
    socket.emit('watch', { sections: 'all' }, () => {
      answered += 1;
    });
  }
  await closed;
  assert.ok(answered <= 110, `${answered} answers`);
  assert.ok((await refusals()) - before <= 110);
});

for (const [what, packet] of [
  ['unknown events', '2["f","forged"]'],
  ['unknown namespaces', '40/admin,'],
  ['answers that nobody asked for', '430[]'],
  ['binary attachments', '451-["watch",{"_placeholder":true,"num":0}]'],
] as const) {
  test(`10,000 packets with ${what} end only the connection that sent them`, async () => {
    const socket = await joined();
    const closed = nextMessage(socket, 'disconnect');
    const bytes = Buffer.alloc(16);
    for (let at = 0; at < FLOOD; at += 1) {
      socket.io.engine.write(packet.slice(packet.startsWith('2') ? 0 : 1));
      if (what === 'binary attachments') socket.io.engine.write(bytes);
    }
    await closed;
  });
}

test('joins that come faster than they are judged join a connection once, and end it', async () => {
  const auth = JSON.stringify(handshake(await bench.token('shopper')));
  const raw = await upgraded();
  raw.send(Buffer.concat(Array.from({ length: 50 }, () => frame(TEXT_FRAME, `40${auth}`))));
  await raw.closed;
  const welcomes = raw.got().match(/40\{"sid"/g) ?? [];
  assert.ok(welcomes.length <= 1, `${welcomes.length} joins`);
});

test('an endless row of pings ends the connection, whether their answers are read or not', async () => {
  const pings = Array.from({ length: FLOOD }, () => frame(PING_FRAME, 'x'.repeat(125)));
  const [reading, deaf] = await Promise.all([upgraded(), upgraded()]);
  deaf.socket.pause();
  for (const raw of [reading, deaf]) raw.send(Buffer.concat(pings));
  await reading.closed;
  deaf.socket.resume();
  await deaf.closed;
  assert.ok(reading.got().length < 64_000, `${reading.got().length} bytes of answers`);
});

test('connections that say nothing, trickle their headers or never join are ended after 5 s', async () => {
  const quiet = await Promise.all(Array.from({ length: 50 }, () => rawConnect(port)));
  const trickling = await Promise.all(Array.from({ length: 50 }, () => rawConnect(port)));
  const neverJoining = await Promise.all(Array.from({ length: 50 }, upgraded));
  const refused = await Promise.all(Array.from({ length: 10 }, upgraded));
  for (const raw of refused) raw.send(frame(TEXT_FRAME, `40{"protocol":${PROTOCOL_VERSION}}`));
  const head = upgradeHead(ORIGIN);
  let sent = 0;
  const trickle = setInterval(() => {
    for (const raw of trickling) raw.send(head[sent] ?? 'x');
    sent += 1;
  }, 100);
  const all = [...quiet, ...trickling, ...neverJoining, ...refused];
  const ended = Promise.all(all.map(({ closed }) => closed));
  const startedMs = performance.now();
  const reply: unknown = await bystander.timeout(1_000).emitWithAck('watch', { sections: [0] });
  assert.is(Object(reply).outcome, 'watching', 'viewers are served meanwhile');
  await ended;
  clearInterval(trickle);
  assert.ok(performance.now() - startedMs < HALF_OPEN_LIMIT_MS);
  for (const raw of refused) assert.match(raw.got(), 'token.missing');
});

test('one network may have only so many connections open, also those that are no sockets yet', async () => {
  const raws = await Promise.all(
    Array.from({ length: CONNECTIONS_PER_ADDRESS_MAX + 100 }, () => rawConnect(port)),
  );
  await until('those beyond were dropped', () => stillOpen(raws) < CONNECTIONS_PER_ADDRESS_MAX);
  assert.is(stillOpen(raws), CONNECTIONS_PER_ADDRESS_MAX - 1, 'the bystander has one');
  for (const { socket } of raws) socket.destroy();
  await Promise.all(raws.map(({ closed }) => closed));
  await until('the network has room again', async () => {
    const raw = await rawConnect(port);
    raw.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await raw.closed;
    return raw.got().startsWith('HTTP/1.1 404');
  });
});

test('requests that are no upgrade are told so and their connection ends; two hosts are refused', async () => {
  const plain = await rawConnect(port);
  plain.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await plain.closed;
  assert.match(plain.got(), /^HTTP\/1\.1 404 [\s\S]*Only sockets live here/);
  const twice = await rawConnect(port);
  twice.send(`${upgradeHead(ORIGIN)}Host: other.example.org\r\n\r\n`);
  await twice.closed;
  assert.match(twice.got(), /^HTTP\/1\.1 4\d\d /);
});

function stillOpen(raws: readonly RawSocket[]): number {
  return raws.filter(({ socket }) => !socket.destroyed && socket.readyState === 'open').length;
}

test.run();
