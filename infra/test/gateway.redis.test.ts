import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startStack, suite, type TestStack } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { z } from 'zod';

/** A stack of stand-ins: the gateway, the supervision and Redis are real, the services are not. */
const STUB = fileURLToPath(new URL('fixtures/stub-service.ts', import.meta.url));
const echo = z.object({
  pid: z.number(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

type Room = { stack: TestStack | null };
const test = suite<Room>('gateway', { stack: null });

test.before(async (room) => {
  const entries = { api: STUB, hub: STUB, worker: STUB };
  room.stack = await startStack({ apis: 2, hubs: 2, entries });
});

test.after(async (room) => {
  await room.stack?.stop();
});

function stackOf(room: Room): TestStack {
  if (room.stack === null) throw new Error('the stack did not start');
  return room.stack;
}

async function ask(stack: TestStack, path: string, init: RequestInit = {}) {
  const answer = await fetch(`${stack.gatewayUrl}${path}`, init);
  return echo.parse(await answer.json());
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Sends bytes by hand and answers what came back until it contains `needle` or the end came. */
function exchange(stack: TestStack, bytes: string, needle: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(stack.gatewayUrl).port), '127.0.0.1');
    let got = '';
    socket.on('error', reject);
    socket.setEncoding('utf8').on('data', (text: string) => {
      got += text;
      if (got.includes(needle)) socket.destroy();
    });
    socket.once('close', () => resolve(got));
    socket.write(bytes);
  });
}

function upgrade(stack: TestStack, path: string, needle: string): Promise<string> {
  const lines = ['Connection: Upgrade', 'Upgrade: websocket', 'X-Forwarded-For: 203.0.113.7'];
  const head = `GET ${path} HTTP/1.1\r\nHost: x\r\n${lines.join('\r\n')}\r\n\r\n`;
  return exchange(stack, `${head}ping!`, needle);
}

test('calls under /v1 reach every API in turn, whole', async (room) => {
  const stack = stackOf(room);
  const pids = new Set<number>();
  for (let turn = 0; turn < 4; turn += 1) pids.add((await ask(stack, '/v1/x')).pid);
  assert.equal(pids, new Set(stack.apis.map((api) => api.pid())));
  const posted = await ask(stack, '/v1/holds?a=%20b', {
    method: 'POST',
    body: 'x'.repeat(100_000),
  });
  assert.is(posted.method, 'POST');
  assert.is(posted.url, '/v1/holds?a=%20b');
  assert.is(posted.body.length, 100_000);
});

test('security 18: what a caller claims about proxies is replaced by the address it really has', async (room) => {
  const seen = await ask(stackOf(room), '/v1/x', {
    headers: {
      'x-forwarded-for': '203.0.113.7',
      forwarded: 'for=203.0.113.7',
      'x-real-ip': '1.1.1.1',
    },
  });
  assert.match(seen.headers['x-forwarded-for'] ?? '', /^(::ffff:)?127\.0\.0\.1$/);
  assert.is(seen.headers['forwarded'], undefined);
  assert.is(seen.headers['x-real-ip'], undefined);
});

test('an upgrade of /socket.io reaches a hub with early bytes, others are cut', async (room) => {
  const stack = stackOf(room);
  const got = await upgrade(stack, '/socket.io/?EIO=4', 'ping!');
  assert.match(got, /^HTTP\/1\.1 101 /);
  assert.match(got, /\n\d+ 127\.0\.0\.1\n/);
  assert.is(await upgrade(stack, '/other', 'never'), '');
});

test('a dead API is skipped, comes back by itself and is told about in one line', async (room) => {
  const stack = stackOf(room);
  const [first] = stack.apis;
  assert.ok(first);
  const before = first.pid();
  await first.crash();
  for (let turn = 0; turn < 10; turn += 1) await ask(stack, '/v1/x');
  await until(() => first.pid() !== before && first.pid() !== 0);
  await until(async () => (await ask(stack, '/v1/x')).pid === first.pid());
  assert.match(stack.troubles().join('\n'), /^api-1 stopped unexpectedly \(SIGKILL\)/);
});

test('a connection that breaks in the middle is 502 with advice, never a second try', async (room) => {
  const answer = await fetch(`${stackOf(room).gatewayUrl}/v1/cut`, { method: 'POST', body: '{}' });
  assert.is(answer.status, 502);
  assert.is(answer.headers.get('content-type'), 'application/problem+json');
  assert.match(await answer.text(), 'gateway.broken-answer');
});

test('a body that is refused unread does not hold up the next request of its connection', async (room) => {
  const body = 'x'.repeat(UNREAD_BYTES);
  const first = `POST /v1/refuse HTTP/1.1\r\nHost: x\r\nContent-Length: ${UNREAD_BYTES}\r\n\r\n${body}`;
  const second = 'GET /v1/next HTTP/1.1\r\nHost: x\r\n\r\n';
  const answers = await exchange(stackOf(room), first + second, '/v1/next');
  assert.match(answers, /^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /);
});

/** More than all buffers between here and the service take without a reader. */
const UNREAD_BYTES = 16_000_000;

test('while no API is there, the answer is 502 and says that nothing changed', async (room) => {
  const stack = stackOf(room);
  await Promise.all(stack.apis.map((api) => api.pause()));
  const pids = stack.apis.map((api) => api.pid());
  await Promise.all(stack.apis.map((api) => api.crash()));
  const answer = await fetch(`${stack.gatewayUrl}/v1/x`);
  assert.is(answer.status, 502);
  assert.match(await answer.text(), 'gateway.no-upstream');
  await until(async () => (await fetch(`${stack.gatewayUrl}/v1/x`)).status === 200);
  for (const [at, api] of stack.apis.entries()) assert.is.not(api.pid(), pids[at]);
});

test('security 18: a body without a length stays a body: no second request can hide in it', async (room) => {
  const hidden = 'GET /v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunk = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
  for (const method of ['DELETE', 'POST', 'GET']) {
    const head = `${method} /v1/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
    const got = await exchange(
      stackOf(room),
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`,
      'never',
    );
    assert.match(got, JSON.stringify(hidden), method);
    assert.is(got.match(/HTTP\/1\.1 200/g)?.length, 1, method);
  }
});

test('security 18: a caller cannot have the length of its body dropped to hide a second request in it', async (room) => {
  const hidden = 'GET /v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const method of ['DELETE', 'GET']) {
    const framing = `Connection: close, content-length\r\nContent-Length: ${hidden.length}`;
    const head = `${method} /v1/x HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`;
    const got = await exchange(stackOf(room), `${head}${hidden}`, 'never');
    assert.match(got, JSON.stringify(hidden), method);
  }
});

test('security 18: oversize headers and addresses are refused', async (room) => {
  const stack = stackOf(room);
  const big = await fetch(`${stack.gatewayUrl}/v1/x`, { headers: { 'x-big': 'x'.repeat(20_000) } });
  assert.is(big.status, 431);
  const long = await fetch(`${stack.gatewayUrl}/${'x'.repeat(5_000)}`);
  assert.is(long.status, 414);
});

test.run();
