import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { libraryNames } from '../local/redis/debian-packages.ts';
import { NoRedisServerError, provideRedisServer } from '../local/redis/provide-redis.ts';
import { missingInListing } from '../local/redis/shared-libraries.ts';

type Room = { folder: string };
const test = suite<Room>('redis bootstrap', { folder: '' });

test.beforeEach(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-bootstrap-'));
});

test.afterEach(async (room) => {
  await rm(room.folder, { recursive: true, force: true });
});

async function program(folder: string, name: string, script = ''): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

function provide(folder: string, change: { chosen?: string; path?: string } = {}) {
  return provideRedisServer({
    chosen: change.chosen ?? null,
    env: { PATH: change.path ?? join(folder, 'bin') },
    unpackFolder: join(folder, 'redis'),
    report: () => undefined,
  });
}

async function refusal(run: Promise<string>): Promise<string> {
  const error: unknown = await run.catch((thrown: unknown) => thrown);
  if (error instanceof NoRedisServerError) return error.message;
  throw new Error('expected a refusal', { cause: error });
}

test('a server on PATH is taken, redis-server before valkey-server', async ({ folder }) => {
  const valkey = await program(join(folder, 'bin'), 'valkey-server');
  assert.is(await provide(folder), valkey);
  const redis = await program(join(folder, 'bin'), 'redis-server');
  assert.is(await provide(folder), redis);
});

test('the chosen program wins, by path and by name, and a wrong one is named', async ({
  folder,
}) => {
  await program(join(folder, 'bin'), 'redis-server');
  const mine = await program(join(folder, 'mine'), 'my-redis');
  assert.is(await provide(folder, { chosen: mine }), mine);
  const named = await provide(folder, { chosen: 'my-redis', path: join(folder, 'mine') });
  assert.is(named, mine);
  assert.match(await refusal(provide(folder, { chosen: '/no/such/redis' })), '/no/such/redis');
});

test('a server unpacked before is found again without any tool', async ({ folder }) => {
  const unpacked = await program(join(folder, 'redis'), 'redis-server');
  assert.is(await provide(folder), unpacked);
});

test('without any way to get one, the refusal is one sentence with a command', async ({
  folder,
}) => {
  const sentence = await refusal(provide(folder));
  assert.match(sentence, 'sudo apt-get install redis-server');
  assert.not.match(sentence, '\n');
});

test('when the packages cannot be had, the refusal has the command and nothing is left behind', async ({
  folder,
}) => {
  await program(join(folder, 'bin'), 'apt-get', 'echo "E: no network" >&2; exit 100');
  await program(join(folder, 'bin'), 'dpkg');
  const sentence = await refusal(provide(folder));
  assert.match(sentence, 'E: no network');
  assert.match(sentence, /run: sudo apt-get install redis-server$/);
  assert.is(await provide(folder).catch(() => 'still none'), 'still none');
});

test('libraries that the loader misses are read from the listing of ldd', () => {
  const listing = [
    '\tlinux-vdso.so.1 (0x00007ffd)',
    '\tlibjemalloc.so.2 => not found',
    '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f)',
    '\tliblzf.so.1 => not found',
  ].join('\n');
  assert.equal(missingInListing(listing), ['libjemalloc.so.2', 'liblzf.so.1']);
});

test('of what a package depends on, libraries are taken, the C library never', () => {
  const paragraph = [
    'Package: redis-tools',
    'Depends: libc6 (>= 2.36), libjemalloc2 (>= 2.1.1), liblzf1:any | liblzf2, adduser',
    'Pre-Depends: libssl3 (>= 3.0.0)',
  ].join('\n');
  assert.equal(libraryNames(paragraph), ['libjemalloc2', 'liblzf1', 'libssl3']);
});

test.run();
