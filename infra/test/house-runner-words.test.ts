import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { findChromium } from '../testing/chromium.ts';
import { whyNoRedisClock } from '../testing/faults/redis-clock.ts';
import { discover } from '../testing/runner/discover.ts';
import { inParallel } from '../testing/runner/in-parallel.ts';
import { KINDS, kindOf } from '../testing/runner/kinds.ts';
import { findMissing, type Prerequisite } from '../testing/runner/prerequisites.ts';
import { describe, lastLine, tableOfShares } from '../testing/runner/report.ts';
import { isGood, type Result, sum } from '../testing/runner/result.ts';
import { readWords } from '../testing/runner/words.ts';
import { testNodeArgs } from '../testing/runner/workspace-settings.ts';
import { whyNoSpin } from '../testing/spin-tools.ts';

const RESULT: Result = {
  name: 'db/test/a.test.ts',
  passed: 3,
  failed: 0,
  skipped: 0,
  problems: [],
  output: '',
  durationMs: 1_000,
};

function folderWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-runner-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const test = suite('runner words');

test('the name of a file tells what it needs', () => {
  assert.is(kindOf('db/test/a.test.ts'), 'plain');
  assert.is(kindOf('db/test/a.redis.test.ts'), 'redis');
  assert.is(kindOf('db/test/a-redis.test.ts'), 'plain');
  assert.is(kindOf('db/test/a.clock.test.ts'), 'clock');
  assert.is(kindOf('db/test/a.spin.test.ts'), 'spin');
  assert.is(kindOf('client-solid/test/page.e2e.test.tsx'), 'e2e');
});

test('finds test files of every workspace and narrows them by pattern and kind', () => {
  const root = folderWith({
    'db/test/model/a.test.ts': '',
    'db/test/b.redis.test.ts': '',
    'client/test/c.test.tsx': '',
    'db/test/door.ts': '',
    'db/test/x.fixture.ts': '',
    'db/node_modules/test/d.test.ts': '',
    'db/src/e.test.ts': '',
  });
  const paths = (patterns: string[], kinds = KINDS): string[] =>
    discover(root, { patterns, kinds }).map(({ path }) => path);
  const all = ['client/test/c.test.tsx', 'db/test/b.redis.test.ts', 'db/test/model/a.test.ts'];
  assert.equal(paths([]), all);
  assert.equal(paths(['model', 'client']), [all[0], all[2]]);
  assert.equal(paths([], ['redis']), [all[1]]);
  rmSync(root, { recursive: true });
});

test('reads its words and refuses what it does not know', () => {
  assert.equal(readWords(['hub', '--kind', 'redis', '--seed', '7']), {
    kind: 'run',
    patterns: ['hub'],
    kinds: ['redis'],
    seed: '7',
    verbose: false,
  });
  assert.is(readWords(['--help']).kind, 'help');
  for (const wrong of [['--kind', 'cosmic'], ['--seed', 'x'], ['--what']]) {
    assert.is(readWords(wrong).kind, 'mistake', wrong.join(' '));
  }
});

test('looks for a prerequisite once, and only when a test needs it', async () => {
  let looked = 0;
  const prerequisites: Prerequisite[] = [
    {
      kinds: ['redis', 'e2e'],
      whyMissing: async () => {
        looked += 1;
        return 'needs a server: get-server';
      },
    },
    { kinds: ['e2e'], whyMissing: async () => 'needs a browser: get-browser' },
  ];
  assert.is((await findMissing(['plain'], prerequisites)).size, 0);
  assert.is(looked, 0);
  const missing = await findMissing(['plain', 'redis', 'redis', 'e2e'], prerequisites);
  assert.equal([...missing.keys()], ['redis', 'e2e']);
  assert.is(missing.get('e2e'), 'needs a server: get-server');
  assert.is(looked, 1);
});

test('Chromium is found on PATH or by its variable, and a wrong variable is not believed', async () => {
  const root = folderWith({ 'bin/chromium': '', 'bin/google-chrome': '' });
  const folder = join(root, 'bin');
  const chrome = join(folder, 'google-chrome');
  chmodSync(chrome, 0o755);
  assert.is(await findChromium({ PATH: `/nowhere:${folder}` }), chrome);
  assert.is(await findChromium({ PATH: '/nowhere', CHROMIUM: chrome }), chrome);
  assert.is(await findChromium({ PATH: folder, CHROMIUM: '/nowhere/chrome' }), null);
  assert.is(await findChromium({}), null);
  rmSync(root, { recursive: true });
});

test('Spin needs a compiler that finds its headers, and each lack is told with what brings it', async () => {
  const root = folderWith({
    'spin/spin': '',
    'deaf/gcc': '#!/bin/sh\nexit 1\n',
    'good/gcc': '#!/bin/sh\nexit 0\n',
  });
  for (const program of ['spin/spin', 'deaf/gcc', 'good/gcc'])
    chmodSync(join(root, program), 0o755);
  const why = (...folders: string[]): Promise<string | null> =>
    whyNoSpin({ PATH: folders.map((folder) => join(root, folder)).join(':') });
  assert.match((await why('good')) ?? '', /^needs Spin: sudo apt-get install spin gcc libc6-dev/);
  assert.match((await why('spin')) ?? '', /^needs a C compiler: sudo apt-get install/);
  assert.match((await why('spin', 'deaf')) ?? '', /^needs a C compiler/);
  assert.is(await why('spin', 'good'), null);
  rmSync(root, { recursive: true });
});

test('a clock for Redis needs Linux and a compiler that finds its headers, and says what brings it', async () => {
  const root = folderWith({ 'deaf/cc': '#!/bin/sh\nexit 1\n', 'good/cc': '#!/bin/sh\nexit 0\n' });
  for (const program of ['deaf/cc', 'good/cc']) chmodSync(join(root, program), 0o755);
  const why = (folder: string, platform: NodeJS.Platform = 'linux'): Promise<string | null> =>
    whyNoRedisClock({ PATH: join(root, folder) }, platform);
  const missing = /^needs a C compiler: sudo apt-get install gcc libc6-dev/;
  assert.match((await why('nowhere')) ?? '', missing);
  assert.match((await why('deaf')) ?? '', missing);
  assert.match((await why('good', 'darwin')) ?? '', /^needs Linux/);
  assert.is(await why('good'), null);
  rmSync(root, { recursive: true });
});

test('a workspace names the flags of Node that its tests need', () => {
  const root = folderWith({
    'client/package.json': '{ "testNodeArgs": ["--conditions=browser"] }',
    'db/package.json': '{}',
  });
  assert.equal(testNodeArgs(root, 'client/test/a.test.tsx'), ['--conditions=browser']);
  assert.equal(testNodeArgs(root, 'db/test/a.test.ts'), []);
  assert.equal(testNodeArgs(root, 'gone/test/a.test.ts'), []);
  rmSync(root, { recursive: true });
});

test('runs at most so many at once and keeps the order of results', async () => {
  let now = 0;
  let most = 0;
  const results = await inParallel([3, 1, 2, 0], 2, async (ticks) => {
    now += 1;
    most = Math.max(most, now);
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    now -= 1;
    return ticks * 10;
  });
  assert.equal(results, [30, 10, 20, 0]);
  assert.is(most, 2);
});

test('the last line counts everything, and a run in which nothing passed is not good', () => {
  const failing = { ...RESULT, passed: 1, failed: 2 };
  const skipped = { ...RESULT, passed: 0, skipped: 1 };
  assert.is(lastLine([RESULT, RESULT]), '6 passed, 0 failed');
  assert.is(lastLine([RESULT, failing, skipped]), '4 passed, 2 failed, 1 skipped');
  assert.ok(isGood(sum([RESULT, skipped])));
  assert.not.ok(isGood(sum([RESULT, failing])));
  assert.not.ok(isGood(sum([skipped])));
  assert.not.ok(isGood(sum([])));
});

test('prints shares with the slowest first', () => {
  const slow = { ...RESULT, name: 'slow', durationMs: 3_000 };
  const rows = tableOfShares([RESULT, slow]).split('\n').slice(1);
  assert.equal(rows, [' 75.0 %    3.0 s  slow', ' 25.0 %    1.0 s  db/test/a.test.ts']);
});

test('shows all of a failing output and only the own words of a passing one', () => {
  const uvuWords = ' a  • •   (2 / 2)\n\n  Total:     2\n  Passed:    2\n';
  const output = `SEED 7\n${uvuWords}one\ntwo\nthree\nfour\n`;
  const passing = describe({ ...RESULT, output }, false);
  assert.match(passing, /SEED 7[\s\S]*three[\s\S]*1 more lines/);
  assert.not.match(passing, 'Total');
  const failing = describe({ ...RESULT, output, failed: 1, problems: ['it hung'] }, false);
  assert.ok(failing.includes(output.trimEnd()) && failing.includes('it hung'));
});

test.run();
