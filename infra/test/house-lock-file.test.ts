import { readFileSync } from 'node:fs';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { z } from 'zod';

const LOCK = new URL('../../package-lock.json', import.meta.url);

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), resolved: z.string().optional() }),
  ),
});
type LockFile = z.infer<typeof lockFile>;

/** Oldest versions without a known hole in what strangers can reach: the socket and its parsers. */
const SECURITY_FLOORS: Readonly<Record<string, string>> = {
  'socket.io-parser': '4.2.6',
  ws: '8.21.0',
  'engine.io': '6.6.9',
};

/** An address would bind everybody to the registry of whoever installed last. */
function downloadAddresses(lock: LockFile): string[] {
  const places = Object.entries(lock.packages);
  return places.filter(([, { resolved = '' }]) => /:/.test(resolved)).map(([place]) => place);
}

function belowFloor(lock: LockFile): string[] {
  return Object.entries(lock.packages).flatMap(([place, { version = '0.0.0' }]) => {
    const floor = SECURITY_FLOORS[place.split('node_modules/').at(-1) ?? ''];
    return floor !== undefined && isOlder(version, floor) ? [`${place} ${version} < ${floor}`] : [];
  });
}

function isOlder(version: string, floor: string): boolean {
  const [is = [], least = []] = [version, floor].map((text) => text.split(/[.-]/).map(Number));
  for (const [at, wanted] of least.entries()) {
    const part = is[at] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

const lock = lockFile.parse(JSON.parse(readFileSync(LOCK, 'utf8')));
const test = suite('lock file');

test('has no download addresses', () => {
  assert.equal(downloadAddresses(lock), []);
  const withAddress = { packages: { 'node_modules/a': { resolved: 'https://example.org/a.tgz' } } };
  assert.equal(downloadAddresses(withAddress), ['node_modules/a']);
});

test('security 17: keeps what strangers can reach above its security floors', () => {
  assert.equal(belowFloor(lock), []);
  for (const name of Object.keys(SECURITY_FLOORS)) {
    assert.ok(lock.packages[`node_modules/${name}`] !== undefined, `${name} is not installed`);
  }
  const old = { packages: { 'node_modules/x/node_modules/ws': { version: '8.9.11' } } };
  assert.equal(belowFloor(old), ['node_modules/x/node_modules/ws 8.9.11 < 8.21.0']);
});

test.run();
