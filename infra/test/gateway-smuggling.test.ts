import { createServer, type Server } from 'node:http';
import { SMUGGLED_REQUESTS, sendRaw, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type Gateway, startGateway } from '../local/gateway/gateway-server.ts';
import { createLogger } from '../runtime/logger.ts';

type Room = { gateway: Gateway; server: Server; seen: string[] };
const test = suite<Room>('security 18: requests smuggled through the gateway');

test.before(async (room) => {
  room.seen = [];
  // Keeps connections open and answers without reading: whatever is left over would be read as a request.
  room.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    room.seen.push(`${request.method} ${request.url}`);
    response.writeHead(200, { connection: 'keep-alive' }).end('served');
  });
  await new Promise<void>((resolve) => room.server.listen(0, '127.0.0.1', resolve));
  const address = room.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const logger = createLogger('test', 'silent');
  room.gateway = await startGateway({ host: '127.0.0.1', port: 0, pageFolder: 'none', logger });
  room.gateway.setUpstreams({ upstreams: { apis: [port], hubs: [port] } });
});
test.beforeEach(({ seen }) => void seen.splice(0));
test.after(async ({ gateway, server }) => {
  gateway.stop();
  await gateway.drain();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

for (const [what, bytes] of Object.entries(SMUGGLED_REQUESTS)) {
  test(`${what}: refused here, and the next caller gets an answer of their own`, async (room) => {
    const { gateway, seen } = room;
    const answer = await sendRaw(gateway.port, bytes);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, what);
    assert.equal(
      seen.filter((request) => request !== 'POST /v1/first'),
      [],
      'nothing but the first may have begun',
    );
    const next = await fetch(`http://127.0.0.1:${gateway.port}/v1/next`);
    assert.equal([next.status, await next.text(), seen.at(-1)], [200, 'served', 'GET /v1/next']);
  });
}

test.run();
