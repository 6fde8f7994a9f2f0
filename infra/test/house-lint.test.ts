import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
const CONFIGURATION = ['biome.jsonc', '.gitignore', 'infra/testing/walls/ambient.grit'];

/** What the linter shows while one types; the whole of each rule is in house-walls.test.ts. */
const CASES: readonly (readonly [path: string, text: string, finds: string])[] = [
  ['db/src/clock.ts', 'export const at = Date.now();\n', 'plugin'],
  ['db/src/handed.ts', 'export const clock = { now: performance.now };\n', 'plugin'],
  ['db/src/today.ts', 'export const today = new Date();\n', 'plugin'],
  ['booking-api/src/luck.ts', 'export const luck = Math.random();\n', 'plugin'],
  ['booking-api/src/timer.ts', 'setTimeout(() => undefined, 1);\n', 'noRestrictedGlobals'],
  ['booking-api/src/env.ts', "export const home = process.env['HOME'];\n", 'noProcessEnv'],
  ['booking-api/src/main.ts', "export const home = process.env['HOME'];\n", 'noProcessEnv'],
  ['booking-api/src/deep.ts', "import '@holdfast/db/src/model/ids.ts';\n", 'noRestrictedImports'],
  ['client-solid/src/door.ts', "import '@holdfast/db/redis';\n", 'noRestrictedImports'],
  ['client-solid/src/node.ts', "import 'node:fs';\n", 'noRestrictedImports'],
  ['db/src/log.ts', "import 'pino';\n", 'noRestrictedImports'],
  ['db/src/default.ts', 'export default 1;\n', 'noDefaultExport'],
  ['db/src/any.ts', 'export const x: any = 1;\n', 'noExplicitAny'],
  ['db/src/CamelCase.ts', 'export const x = 1;\n', 'useFilenamingConvention'],
  ['db/src/long-file.ts', 'export const x = 1;\n'.repeat(401), 'noExcessiveLinesPerFile'],
  [
    'db/src/long-function.ts',
    `export function long(): void {\n${'  x();\n'.repeat(71)}}\n`,
    'noExcessiveLinesPerFunction',
  ],
];

const ALLOWED: readonly (readonly [path: string, text: string])[] = [
  ['booking-api/src/nested/main.ts', 'setTimeout(() => Date.now(), 1);\n'],
  ['infra/runtime/config/source.ts', "export const home = process.env['HOME'];\n"],
  ['client-solid/src/words.ts', "import '@holdfast/db/model';\n"],
  ['db/test/clock.test.ts', 'setTimeout(() => Date.now(), 1);\n'],
];

type Findings = { readonly folder: string; lines: readonly string[] };

const test = suite<Findings>('lint', {
  folder: mkdtempSync(join(tmpdir(), 'holdfast-lint-')),
  lines: [],
});

test.before((found) => {
  const write = (path: string, put: (target: string) => void): void => {
    const target = join(found.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    put(target);
  };
  for (const path of CONFIGURATION) write(path, (target) => copyFileSync(join(ROOT, path), target));
  for (const [path, text] of [...CASES, ...ALLOWED]) {
    write(path, (target) => writeFileSync(target, text));
  }
  const words = [BIOME, 'lint', '--colors=off', '--max-diagnostics=none', '--reporter=github', '.'];
  const run = spawnSync(process.execPath, words, { cwd: found.folder, encoding: 'utf8' });
  found.lines = `${run.stdout}${run.stderr}`.split('\n');
});

test.after(({ folder }) => rmSync(folder, { recursive: true }));

for (const [path, text, finds] of CASES) {
  test(`finds ${finds} in ${path}: ${text.slice(0, 40).trim()}`, ({ lines }) => {
    const found = lines.filter((line) => line.includes(path));
    assert.ok(
      found.some((line) => line.includes(finds)),
      found.join('\n'),
    );
  });
}

for (const [path, text] of ALLOWED) {
  test(`lets pass ${path}: ${text.trim()}`, ({ lines }) => {
    const found = lines.filter((line) => line.includes(path) && /plugin|Restricted|Env/.test(line));
    assert.equal(found, []);
  });
}

test.run();
