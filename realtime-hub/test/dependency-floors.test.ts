import { readFileSync } from 'node:fs';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';

const test = suite('dependency floors');

/** Below these versions a stranger can crash or fill a hub (CVE-2026-33151, CVE-2026-48779, CVE-2024-38355). */
const FLOORS = {
  'socket.io': [4, 6, 2],
  'socket.io-parser': [4, 2, 6],
  'engine.io': [6, 6, 9],
  ws: [8, 21, 0],
} as const;

test('security 17: no locked version has a known crash or memory hole', () => {
  const file = new URL('../../package-lock.json', import.meta.url);
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  for (const [name, floor] of Object.entries(FLOORS)) {
    const copies = Object.entries(packages).filter(([path]) =>
      path.endsWith(`node_modules/${name}`),
    );
    assert.ok(copies.length > 0, `${name} is not locked`);
    for (const [path, { version = '' }] of copies) {
      assert.ok(atLeast(version, floor), `${path} ${version} is below ${floor.join('.')}`);
    }
  }
});

function atLeast(version: string, floor: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, least] of floor.entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

test.run();
