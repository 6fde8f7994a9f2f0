import { createServer, type Socket } from 'node:net';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { startGateway } from '../local/gateway/gateway-server.ts';
import { createLogger } from '../runtime/logger.ts';
import { openHalfOpen } from './first-light/half-open.ts';

const test = suite('gateway before a hub that stands still');
/** The gateway gives a hub 10 s to say its first word. */
const ENDED_LIMIT_MS = 20_000;

test(
  'security 18: an upgrade that a paused hub took and never answers is ended at both sides',
  async () => {
    const taken: Socket[] = [];
    const hub = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      taken.push(socket);
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    const address = hub.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const logger = createLogger('test', 'silent');
    const parts = { host: '127.0.0.1', port: 0, pageFolder: 'none', logger };
    const gateway = await startGateway(parts);
    gateway.setUpstreams({ upstreams: { apis: [], hubs: [port] } });
    const hanging = await openHalfOpen(`http://127.0.0.1:${gateway.port}`, 20, 'an upgrade');
    const startedMs = performance.now();
    while (hanging.left() > 0 && performance.now() - startedMs < ENDED_LIMIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.is(hanging.left(), 0);
    assert.is(taken.length, 20);
    gateway.stop();
    await gateway.drain();
    await new Promise((resolve) => hub.close(resolve));
  },
  { timeoutMs: 2 * ENDED_LIMIT_MS },
);

test.run();
