import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { ambientBreaches } from '../testing/walls/ambient-wall.ts';
import { importBreaches } from '../testing/walls/import-wall.ts';
import { resourceBreaches } from '../testing/walls/resource-wall.ts';
import { luaBreaches, nameBreaches, shapeBreaches } from '../testing/walls/shape-wall.ts';
import { type Breach, parseSource, readSourceFiles } from '../testing/walls/source-file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const files = readSourceFiles(ROOT);

function assertNone(breaches: readonly Breach[]): void {
  const lines = breaches.map(({ path, line, message }) => `${path}:${line}  ${message}`);
  assert.ok(lines.length === 0, `\n${lines.join('\n')}\n`);
}

const test = suite('walls of the house');

test('the walls see the whole house', () => {
  assert.ok(files.some(({ path }) => path === 'db/src/model/ids.ts'));
  assert.ok(files.some(({ path }) => path === 'infra/setup/prepare.mjs'));
});

test('imports go through doors that are open to the importing file', () => {
  assertNone(files.flatMap(importBreaches));
});

test('clock, timers, random and ids are arguments', () => {
  assertNone(files.flatMap(ambientBreaches));
});

test('only the configuration reads the environment, only main.ts opens connections', () => {
  assertNone(files.flatMap(resourceBreaches));
});

test('files and functions are short, exports have names, no check is silenced', () => {
  assertNone(files.flatMap(shapeBreaches));
  const scripts = globSync('*/src/**/*.lua', { cwd: ROOT });
  assertNone(scripts.flatMap((path) => luaBreaches(path, readFileSync(join(ROOT, path), 'utf8'))));
});

test('files are named for what is inside, in kebab-case', () => {
  const scripts = globSync('*/src/**/*.lua', { cwd: ROOT });
  assertNone([...files.map(({ path }) => path), ...scripts].flatMap(nameBreaches));
});

type Wall = (file: ReturnType<typeof parseSource>) => Breach[];

/** Each wall must be able to fail: this text, standing in this file, is a breach. */
const BREACHES: readonly (readonly [wall: Wall, path: string, text: string, says: RegExp])[] = [
  [importBreaches, 'booking-api/src/a.ts', "import '../../realtime-hub/src/x.ts';", /its door/],
  [importBreaches, 'booking-api/src/a.ts', "import '@holdfast/realtime-hub/src/x';", /no door/],
  [importBreaches, 'booking-api/src/a.ts', "import '@holdfast/realtime-hub';", /no door/],
  [importBreaches, 'booking-api/src/a.ts', "import '@holdfast/infra/testing';", /for tests/],
  [
    importBreaches,
    'expiry-worker/src/a.ts',
    "import '@holdfast/booking-api/testing';",
    /for tests/,
  ],
  [importBreaches, 'booking-api/src/a.ts', "import '../test/door.ts';", /for tests/],
  [importBreaches, 'booking-api/src/a.ts', "import '@holdfast/expiry-worker/x';", /no door/],
  [importBreaches, 'booking-api/src/contract/a.ts', "import '@holdfast/db/redis';", /closed/],
  [importBreaches, 'realtime-hub/src/viewer/a.ts', "import '@holdfast/infra/runtime';", /closed/],
  [importBreaches, 'realtime-hub/src/a.ts', "import '@holdfast/booking-api/contract';", /closed/],
  [
    importBreaches,
    'realtime-hub/src/viewer/a.ts',
    "import '@holdfast/realtime-hub/viewer';",
    /own/,
  ],
  [importBreaches, 'client-solid/src/a.tsx', "await import('@holdfast/db/redis');", /closed/],
  [importBreaches, 'client-solid/src/a.ts', "import '@holdfast/infra/runtime';", /closed/],
  [importBreaches, 'db/src/a.ts', "import type { X } from '@holdfast/infra/runtime';", /closed/],
  [importBreaches, 'db/src/a.ts', "import { connect } from 'node:net';", /no socket/],
  [importBreaches, 'db/src/a.ts', "import { pino } from 'pino';", /no log/],
  [importBreaches, 'db/src/a.ts', "export * from './b.ts';", /door\.ts/],
  [ambientBreaches, 'db/src/a.ts', 'const at = Date.now();', /Date\.now/],
  [ambientBreaches, 'db/src/a.ts', 'const clock = { nowMs: Date.now };', /Date\.now/],
  [ambientBreaches, 'db/src/a.ts', 'const at = new Date();', /new Date/],
  [ambientBreaches, 'client-solid/src/a.tsx', 'const at = window.performance.now();', /now/],
  [ambientBreaches, 'booking-api/src/a.ts', 'setTimeout(() => {}, 1);', /setTimeout/],
  [ambientBreaches, 'booking-api/src/a.ts', 'globalThis.setInterval(f, 1);', /setInterval/],
  [ambientBreaches, 'booking-api/src/a.ts', 'const timers = { setImmediate };', /setImmediate/],
  [
    ambientBreaches,
    'db/src/a.ts',
    "import { setTimeout as x } from 'node:timers/promises';",
    /timers/,
  ],
  [ambientBreaches, 'db/src/a.ts', "import { randomUUID as id } from 'node:crypto';", /crypto/],
  [ambientBreaches, 'db/src/a.ts', 'const id = crypto.randomUUID();', /randomUUID/],
  [ambientBreaches, 'db/src/a.ts', 'const luck = Math.random();', /Math\.random/],
  [resourceBreaches, 'infra/runtime/logger.ts', 'f(process.env.HOME);', /process\.env/],
  [resourceBreaches, 'db/src/a.ts', "f(process.env['HOME']);", /process\.env/],
  [resourceBreaches, 'booking-api/src/main.ts', 'const { env } = process;', /process\.env/],
  [resourceBreaches, 'booking-api/src/a.ts', "import { env } from 'node:process';", /process\.env/],
  [resourceBreaches, 'booking-api/src/a.ts', 'const redis = new Redis();', /only a main\.ts/],
  [resourceBreaches, 'booking-api/src/a.ts', 'await openRedis(url);', /only a main\.ts/],
  [resourceBreaches, 'db/src/a.ts', 'console.log(1);', /no log/],
  [shapeBreaches, 'db/src/a.ts', 'export default 1;', /have names/],
  [shapeBreaches, 'db/src/a.ts', '\n'.repeat(401), /401 lines/],
  [shapeBreaches, 'db/src/a.ts', `function long() {${'\n'.repeat(70)}}`, /long has 71 lines/],
  [shapeBreaches, 'db/src/a.ts', `const f = () => {${'\n'.repeat(70)}};`, /71 lines/],
  [shapeBreaches, 'db/src/a.ts', `// @ts-${'expect-error'} because`, /silenced/],
  [({ path }) => nameBreaches(path), 'db/src/seat-utils.ts', '', /says nothing/],
  [({ path }) => nameBreaches(path), 'db/src/helpers/seat.ts', '', /says nothing/],
  [({ path }) => nameBreaches(path), 'db/src/SeatMap.ts', '', /kebab-case/],
  [({ path, text }) => luaBreaches(path, text), 'db/src/a.lua', '\n'.repeat(81), /81 lines/],
];

for (const [wall, path, text, says] of BREACHES) {
  test(`a wall stops ${JSON.stringify(text.slice(0, 60))} in ${path}`, () => {
    const messages = wall(parseSource(path, text)).map(({ message }) => message);
    assert.match(messages.join('\n'), says);
  });
}

/** What must pass: a wall that stops everything would prove nothing either. */
const ALLOWED: readonly (readonly [wall: Wall, path: string, text: string])[] = [
  [importBreaches, 'booking-api/src/a.ts', "import '@holdfast/realtime-hub/projection';"],
  [
    importBreaches,
    'booking-api/test/a.ts',
    "import '@holdfast/infra/testing'; import '../src/a.ts';",
  ],
  [importBreaches, 'client-solid/src/a.ts', "import '@holdfast/realtime-hub/viewer';"],
  [importBreaches, 'db/src/charts/create-event/main.ts', "import '@holdfast/infra/runtime';"],
  [importBreaches, 'db/src/charts/a.ts', "import '@holdfast/db/model';"],
  [importBreaches, 'db/src/model/door.ts', "export * from './ids.ts';"],
  [ambientBreaches, 'infra/runtime/a.ts', 'setTimeout(f, 1);'],
  [ambientBreaches, 'booking-api/src/main.ts', 'Date.now();'],
  [
    ambientBreaches,
    'db/src/a.ts',
    'new Date(ms); ambient.timers.setTimeout(f); const o = { setTimeout: 1 };',
  ],
  [ambientBreaches, 'db/src/a.ts', 'type T = { setTimeout: () => void };'],
  [resourceBreaches, 'infra/runtime/config/a.ts', 'f(process.env);'],
  [resourceBreaches, 'booking-api/src/main.ts', 'await openRedis(url);'],
  [shapeBreaches, 'db/src/a.ts', `${'\n'.repeat(399)}const f = () => 1;\n`],
  [({ path }) => nameBreaches(path), 'db/src/redis/lua/begin_confirm.lua', ''],
];

for (const [wall, path, text] of ALLOWED) {
  test(`a wall lets ${JSON.stringify(text.trim().slice(0, 60))} pass in ${path}`, () => {
    assertNone(wall(parseSource(path, text)));
  });
}

test.run();
