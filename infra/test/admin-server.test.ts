import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { startAdminServer } from '../runtime/admin-server.ts';
import { createLogger } from '../runtime/logger.ts';
import { Counter, createRegistry } from '../runtime/metrics.ts';

const test = suite('admin server');

async function withServer(
  isReady: () => boolean | Promise<boolean>,
  look: (get: (path: string) => Promise<{ status: number; text: string }>) => Promise<void>,
): Promise<void> {
  const registry = createRegistry('test');
  new Counter({ name: 'tickets_total', help: 'For the test.', registers: [registry] }).inc(3);
  const logger = createLogger('test', 'silent');
  const server = await startAdminServer({ host: '127.0.0.1', port: 0, isReady, registry, logger });
  try {
    await look(async (path) => {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
      return { status: answer.status, text: await answer.text() };
    });
  } finally {
    await server.stop();
  }
}

test('healthz answers while readyz says no', async () => {
  await withServer(
    () => false,
    async (get) => {
      assert.is((await get('/healthz')).status, 200);
      assert.is((await get('/readyz')).status, 503);
    },
  );
});

test('a readiness check that fails or never ends counts as no', async () => {
  for (const isReady of [
    () => Promise.reject(new Error('no')),
    () => new Promise<boolean>(() => undefined),
  ]) {
    await withServer(isReady, async (get) => assert.is((await get('/readyz')).status, 503));
  }
});

test('metrics are Prometheus text with the name of the service', async () => {
  await withServer(
    () => true,
    async (get) => {
      assert.match((await get('/metrics')).text, 'tickets_total{service="test"} 3');
      assert.is((await get('/readyz')).status, 200);
      assert.is((await get('/secrets')).status, 404);
    },
  );
});

test.run();
