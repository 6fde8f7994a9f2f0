import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

/** `infra/testing/runner/main.ts` or `db/src/redis/` in backticks, and targets of links. */
const IN_BACKTICKS = /`([\w.@*-]+(?:\/[\w.@*-]*)+)`/g;
const LINK_TARGET = /\]\(([^)#\s]+)/g;
const NPM_SCRIPT = /npm run ([\w:-]+)/g;
/** A first folder of ours makes a word a path; `sha1/hex` or `/v1/events` is none. */
const TOP_LEVEL = new Set([...globSync('*', { cwd: ROOT }), '.ci']);

const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).scripts;

function pathsIn(text: string): string[] {
  const named = [...text.matchAll(IN_BACKTICKS), ...text.matchAll(LINK_TARGET)];
  return named.map(([, path = '']) => path).filter((path) => isOurs(path));
}

function isOurs(path: string): boolean {
  return TOP_LEVEL.has(path.split('/')[0] ?? '') || path.startsWith('./');
}

function isThere(path: string): boolean {
  return path.includes('*')
    ? globSync(path, { cwd: ROOT }).length > 0
    : existsSync(join(ROOT, path));
}

const test = suite('documents');

for (const document of DOCUMENTS) {
  const text = readFileSync(join(ROOT, document), 'utf8');

  test(`every path that ${document} names is there`, () => {
    const paths = pathsIn(text);
    assert.ok(paths.length > 3, 'it names no paths');
    assert.equal(
      paths.filter((path) => !isThere(path)),
      [],
    );
  });

  test(`every script that ${document} names is there`, () => {
    const named = [...text.matchAll(NPM_SCRIPT)].map(([, name = '']) => name);
    assert.equal(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });
}

test('a path that is not there is found in backticks and in links', () => {
  const text = 'see `db/src/gone.ts`, [this](infra/gone.md) and `/v1/events`, `db/src/model/*.ts`';
  assert.equal(
    pathsIn(text).filter((path) => !isThere(path)),
    ['db/src/gone.ts', 'infra/gone.md'],
  );
});

test.run();
