import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createNetworkHash,
  ensureSigningKeys,
  rotateSigningKeys,
  UNCOUNTED_NETWORKS,
} from '@holdfast/infra/runtime';
import { createManualAmbient, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';

const test = suite<{ folder: string }>('names of networks');

test.before(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-networks-'));
});
test.after(({ folder }) => rm(folder, { recursive: true, force: true }));

test('all APIs of an installation give a network one name; another installation gives another', async ({
  folder,
}) => {
  const files = [join(folder, 'one.json'), join(folder, 'two.json')];
  for (const file of files) await ensureSigningKeys(file);
  const [one = '', two = ''] = files;
  const name = await createNetworkHash(one).of('192.0.2.7');
  assert.match(name, /^[0-9a-f]{16}$/);
  assert.is(await createNetworkHash(one).of('::ffff:192.0.2.7'), name);
  assert.is.not(await createNetworkHash(one).of('192.0.2.8'), name);
  assert.is.not(await createNetworkHash(two).of('192.0.2.7'), name);
  assert.is(await UNCOUNTED_NETWORKS.of('192.0.2.7'), '');
});

test('a rotation of the signing keys gives every network a new name', async ({ folder }) => {
  const file = join(folder, 'rotated.json');
  await ensureSigningKeys(file);
  const ambient = createManualAmbient();
  const networks = createNetworkHash(file, ambient.clock);
  const before = await networks.of('192.0.2.7');
  await rotateSigningKeys(file);
  await ambient.advance(1_000);
  assert.is.not(await networks.of('192.0.2.7'), before);
});

test.run();
