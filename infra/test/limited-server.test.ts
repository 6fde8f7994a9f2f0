import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createLimitedServer, type HttpLimits } from '../runtime/http/limited-server.ts';

const test = suite<{ server: Server; port: number }>('security 18: limits of an HTTP server');

const LIMITS: HttpLimits = {
  headersMs: 300,
  requestMs: 600,
  keepAliveMs: 200,
  idleMs: 1_000,
  headerBytesMax: 2_048,
  headersMax: 20,
  connectionsMax: 12,
  perNetworkMax: 8,
};
/** Node looks for late requests once a second, and this machine may be busy. */
const LATE_MS = 6_000;
/** More than all buffers on the way take. */
const LONG_ANSWER = Buffer.alloc(64 * 1_024 * 1_024);

async function start(limits: HttpLimits): Promise<{ server: Server; port: number }> {
  const server = createLimitedServer(limits, {
    wrongHost: (response) => response.writeHead(400).end('which host?'),
    request: (request, response) => {
      request.resume();
      if (request.url === '/long') response.end(LONG_ANSWER);
      else request.once('end', () => response.end('served'));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

test.before(async (room) => {
  Object.assign(room, await start(LIMITS));
});
test.afterEach(async ({ server }) => {
  server.closeAllConnections();
  await new Promise((resolve) => setImmediate(resolve));
});
test.after(({ server }) => new Promise<void>((resolve) => server.close(() => resolve())));

type Line = { readonly socket: Socket; readonly got: () => string; readonly closed: Promise<void> };

async function open(port: number): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  let got = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    got += text;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, got: () => got, closed };
}

async function endsSoon(line: Line): Promise<void> {
  const startedMs = performance.now();
  await line.closed;
  assert.ok(performance.now() - startedMs < LATE_MS);
}

test('a connection that never says anything is ended', async ({ port }) => {
  await endsSoon(await open(port));
});

test('headers that trickle end the connection with 408', async ({ port }) => {
  const line = await open(port);
  const trickle = setInterval(() => line.socket.write('X: y\r\n'), 50);
  line.socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
  await endsSoon(line);
  clearInterval(trickle);
  assert.match(line.got(), /^HTTP\/1\.1 408 /);
});

test('a body that trickles ends the connection with 408', async ({ port }) => {
  const line = await open(port);
  line.socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
  const trickle = setInterval(() => line.socket.write('x'), 50);
  await endsSoon(line);
  clearInterval(trickle);
  assert.match(line.got(), /^HTTP\/1\.1 408 /);
});

test('who asks for much and does not read it is ended', async ({ port, server }) => {
  const line = await open(port);
  line.socket.pause();
  line.socket.write('GET /long HTTP/1.1\r\nHost: x\r\n\r\n');
  const startedMs = performance.now();
  let left = 1;
  while (left > 0 && performance.now() - startedMs < LATE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = await new Promise<number>((resolve) => server.getConnections((_, n) => resolve(n)));
  }
  assert.is(left, 0);
  line.socket.destroy();
});

test('headers that are too large or too many are 431', async ({ port }) => {
  const large = `X: ${'y'.repeat(3_000)}`;
  const many = Array.from({ length: 40 }, (_, at) => `X-${at}: y`).join('\r\n');
  for (const headers of [large, many]) {
    const line = await open(port);
    line.socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`);
    await endsSoon(line);
    assert.match(line.got(), /^HTTP\/1\.1 431 /);
  }
});

/** Limits under which only a number ends a connection within this test. */
const PATIENT: HttpLimits = { ...LIMITS, headersMs: 60_000, requestMs: 60_000, idleMs: 60_000 };

function isOpen({ socket }: Line): boolean {
  return !socket.destroyed && socket.readyState === 'open';
}

test('a network has only so many connections, and its room comes back', async () => {
  const { server, port } = await start(PATIENT);
  const lines = await Promise.all(Array.from({ length: 11 }, () => open(port)));
  await Promise.all(lines.slice(8).map(({ closed }) => closed));
  assert.is(lines.filter(isOpen).length, 8);
  lines[0]?.socket.destroy();
  await lines[0]?.closed;
  let got = '';
  while (!got.includes('served')) {
    const later = await open(port);
    later.socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await later.closed;
    got = later.got();
  }
  await end(server, lines);
});

test('behind a proxy connections are counted together only', async () => {
  const { server, port } = await start({ ...PATIENT, perNetworkMax: null });
  const lines = await Promise.all(Array.from({ length: 16 }, () => open(port)));
  await Promise.all(lines.slice(12).map(({ closed }) => closed));
  assert.is(lines.filter(isOpen).length, 12);
  await end(server, lines);
});

async function end(server: Server, lines: readonly Line[]): Promise<void> {
  server.closeAllConnections();
  await Promise.all(lines.map(({ closed }) => closed));
  await new Promise((resolve) => server.close(resolve));
}

test.run();
