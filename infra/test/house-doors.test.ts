import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import { rolldown } from 'rolldown';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { BROWSER_SAFE_DOORS, DOORS } from '../testing/walls/doors.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VIRTUAL_ENTRY = 'entry-of-the-test';

const manifest = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.string()).default({}),
});
const project = z.object({ references: z.array(z.object({ path: z.string() })) });

/** Bundles `code` as a browser would get it and returns the modules of Node that it asks for. */
async function nodeImportsOf(code: string): Promise<string[]> {
  const found = new Set<string>();
  const bundle = await rolldown({
    input: VIRTUAL_ENTRY,
    cwd: join(ROOT, 'client-solid'),
    platform: 'browser',
    // Only what an import leads to counts, not what tree shaking would take out again.
    treeshake: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'notice node imports',
        resolveId(id, importer) {
          if (id === VIRTUAL_ENTRY) return join(ROOT, 'client-solid', 'src', id);
          if (!isBuiltin(id)) return null;
          found.add(`${id} (from ${importer})`);
          return { id, external: true };
        },
        load(id) {
          return id.endsWith(VIRTUAL_ENTRY) ? code : null;
        },
      },
    ],
  });
  await bundle.generate({ format: 'esm' });
  await bundle.close();
  return [...found];
}

function inOrder(names: readonly string[]): string[] {
  return [...names].sort((one, other) => one.localeCompare(other));
}

const test = suite('doors');

for (const door of BROWSER_SAFE_DOORS) {
  test(`${door} bundles for a browser without any node: import`, async () => {
    assert.equal(await nodeImportsOf(`export * from '${door}';`), []);
  });
}

test('the bundle test sees a node: import, however deep', async () => {
  const found = await nodeImportsOf("export * from '@holdfast/infra/runtime';");
  assert.ok(found.some((id) => id.startsWith('node:')));
});

test('every workspace exports exactly the doors that the walls know', () => {
  for (const path of globSync('*/package.json', { cwd: ROOT })) {
    const { name, exports } = manifest.parse(JSON.parse(readFileSync(join(ROOT, path), 'utf8')));
    const known = (DOORS[name.replace('@holdfast/', '')] ?? []).map((door) => `./${door}`);
    assert.equal(inOrder(Object.keys(exports)), inOrder(known), name);
    for (const file of Object.values(exports)) {
      assert.match(file, /\/door\.ts$/);
      assert.ok(existsSync(join(ROOT, path, '..', file)), `${name} has no ${file}`);
    }
  }
});

test('the type check covers every workspace', () => {
  const root = project.parse(JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')));
  const isFilled = (folder: string): boolean =>
    globSync(`${folder}/{src,runtime}/**/*.ts`, { cwd: ROOT }).length > 0;
  const folders = globSync('*/tsconfig.json', { cwd: ROOT }).map((path) => dirname(path));
  assert.equal(inOrder(root.references.map(({ path }) => path)), inOrder(folders.filter(isFilled)));
});

test.run();
