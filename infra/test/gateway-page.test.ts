import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { type Gateway, startGateway } from '../local/gateway/gateway-server.ts';
import { createLogger } from '../runtime/logger.ts';

type Room = {
  folder: string;
  gateway: Gateway | null;
  get: (path: string, init?: RequestInit) => Promise<Response>;
};
const test = suite<Room>('gateway page', {
  folder: '',
  gateway: null,
  get: () => Promise.reject(new Error('not started')),
});

test.before(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-page-'));
  const page = join(room.folder, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(room.folder, 'secret.txt'), 'secret');
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Holdfast</title>');
  await writeFile(join(page, 'assets', 'index-BcD3fGh1.js'), 'export {};');
  await writeFile(join(page, '.hidden'), 'secret');
  const logger = createLogger('test', 'silent');
  const gateway = await startGateway({ host: '127.0.0.1', port: 0, pageFolder: page, logger });
  room.gateway = gateway;
  room.get = (path, init) => fetch(`http://127.0.0.1:${gateway.port}${path}`, init);
});

test.after(async (room) => {
  room.gateway?.stop();
  await room.gateway?.drain();
  await rm(room.folder, { recursive: true, force: true });
});

test('routes of the page get index.html, which is asked for anew each time', async ({ get }) => {
  for (const path of ['/', '/events/some-show', '/events/some-show?seat=A-1-1']) {
    const answer = await get(path);
    assert.is(answer.status, 200, path);
    assert.match(answer.headers.get('content-type') ?? '', 'text/html');
    assert.is(answer.headers.get('cache-control'), 'no-cache');
    assert.match(await answer.text(), 'Holdfast');
  }
});

test('files with a hash in their name are kept for ever', async ({ get }) => {
  const answer = await get('/assets/index-BcD3fGh1.js');
  assert.is(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.match(answer.headers.get('content-type') ?? '', 'javascript');
});

test('a file that is not there is 404, not the page', async ({ get }) => {
  assert.is((await get('/assets/index-00000000.js')).status, 404);
});

test('health and metrics are not published: neither they nor the page in their place', async ({
  get,
}) => {
  for (const name of ['healthz', 'readyz', 'metrics']) {
    for (const path of [`/${name}`, `/${name}/`, `/${name}?all`, `//${name}`]) {
      const answer = await get(path);
      assert.is(answer.status, 404, path);
      assert.match(answer.headers.get('content-type') ?? '', 'application/problem+json', path);
      assert.not.match(await answer.text(), 'Holdfast</title>', path);
    }
  }
});

test('nothing outside the page and nothing hidden can be read', async ({ get }) => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/.hidden',
    '/%00',
    '/%',
  ]) {
    assert.not.match(await (await get(path)).text(), 'secret', path);
  }
});

test('the policy allows no inline code and connects to the own origin only', async ({
  get,
  gateway,
}) => {
  const policy = (await get('/')).headers.get('content-security-policy') ?? '';
  assert.not.match(policy, 'unsafe');
  assert.match(policy, "default-src 'none'");
  const port = gateway?.port;
  assert.match(policy, `connect-src 'self' ws://127.0.0.1:${port} wss://127.0.0.1:${port};`);
});

test('pages cannot be changed', async ({ get }) => {
  const answer = await get('/', { method: 'DELETE' });
  assert.is(answer.status, 405);
  assert.is(answer.headers.get('allow'), 'GET, HEAD');
});

test.run();
