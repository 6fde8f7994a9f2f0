import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { stripsTypes } from '../setup/choose-node.mjs';
import { pathWithoutProjectBinaries } from '../setup/dependencies.mjs';

const SETUP = fileURLToPath(new URL('../setup', import.meta.url));
const NPM_THAT_INSTALLS = [
  '#!/bin/sh',
  'echo "npm $@" >> npm-calls.txt',
  'mkdir -p node_modules/.bin',
  `ln -sf "${process.execPath}" node_modules/.bin/node`,
].join('\n');
const NPM_THAT_FAILS = '#!/bin/sh\necho "no such registry" >&2\nexit 7';

type House = { root: string; path: string };

/** A checkout of its own, with a space in its path and an npm that needs no network. */
function makeHouse(npm: string): House {
  const root = join(mkdtempSync(join(tmpdir(), 'holdfast-setup-')), 'a checkout');
  const tools = join(root, 'tools');
  mkdirSync(join(root, 'infra'), { recursive: true });
  mkdirSync(tools);
  cpSync(SETUP, join(root, 'infra', 'setup'), { recursive: true });
  writeFileSync(join(tools, 'npm'), npm, { mode: 0o755 });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeLock(root, '1.0.0');
  return { root, path: `${tools}:${process.env['PATH']}` };
}

function writeLock(root: string, version: string): void {
  const packages = {
    'node_modules/left': { version },
    'node_modules/other-os': { optional: true },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}

function start(house: House, entry: string, ...words: string[]): ChildProcess {
  writeFileSync(join(house.root, 'entry.ts'), entry);
  const prepare = join(house.root, 'infra', 'setup', 'prepare.mjs');
  const env = { ...process.env, PATH: house.path };
  return spawn(process.execPath, [prepare, 'entry.ts', ...words], { cwd: house.root, env });
}

type End = { code: number | null; signal: string | null; output: string };

async function end(child: ChildProcess): Promise<End> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, output };
}

function npmCalls(house: House): number {
  return readFileSync(join(house.root, 'npm-calls.txt'), 'utf8').trim().split('\n').length;
}

const test = suite('setup');

test('installs once, passes arguments and the exit code, and needs no network the second time', async () => {
  const house = makeHouse(NPM_THAT_INSTALLS);
  const entry =
    'const words: string[] = process.argv.slice(2); console.log(words); process.exit(3);';
  const first = await end(start(house, entry, '--port', 'two words'));
  assert.is(first.code, 3);
  assert.match(first.output, "[ '--port', 'two words' ]");
  assert.is((await end(start(house, entry))).code, 3);
  assert.is(npmCalls(house), 1);
  rmSync(house.root, { recursive: true });
});

test('installs again when the lock file changed, but not when npm was run by hand', async () => {
  const house = makeHouse(NPM_THAT_INSTALLS);
  await end(start(house, ''));
  writeLock(house.root, '2.0.0');
  await end(start(house, ''));
  assert.is(npmCalls(house), 2);
  writeLock(house.root, '3.0.0');
  const record = { packages: { 'node_modules/left': { version: '3.0.0' } } };
  const recordFile = join(house.root, 'node_modules', '.package-lock.json');
  writeFileSync(recordFile, JSON.stringify(record));
  await end(start(house, ''));
  assert.is(npmCalls(house), 2);
  rmSync(house.root, { recursive: true });
});

test('an installation that failed is told in one sentence and tried again next time', async () => {
  const house = makeHouse(NPM_THAT_FAILS);
  const failed = await end(start(house, 'console.log("ran")'));
  assert.is(failed.code, 1);
  assert.match(failed.output, 'The dependencies could not be installed; npm says above why.');
  assert.not.match(failed.output, /ran|at .*mjs/);
  writeFileSync(join(house.root, 'tools', 'npm'), NPM_THAT_INSTALLS, { mode: 0o755 });
  assert.match((await end(start(house, 'console.log("ran")'))).output, 'ran');
  rmSync(house.root, { recursive: true });
});

const WAITS = `
  setInterval(() => undefined, 1_000);
  let signals = 0;
  const stop = (code) => { signals += 1; setTimeout(() => process.exit(code + signals), 100); };
  process.on('SIGTERM', () => stop(50));
  process.on('SIGINT', () => stop(60));
  console.log('waiting as', process.pid, '.');
`;

async function waitingPid(child: ChildProcess): Promise<number> {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    const match = /waiting as (\d+) \./.exec(output);
    if (match !== null) return Number(match[1]);
  }
  throw new Error(`never waited: ${output}`);
}

for (const [signal, code] of [
  ['SIGTERM', 51],
  ['SIGINT', 61],
] as const) {
  test(`${signal} reaches the entry once and its exit code comes back`, async () => {
    const house = makeHouse(NPM_THAT_INSTALLS);
    const child = start(house, WAITS);
    const pid = await waitingPid(child);
    child.kill(signal);
    child.kill(signal); // npm forwards what the terminal sent as well
    await once(child, 'exit');
    assert.is(child.exitCode, code);
    assert.not.ok(isAlive(pid));
    rmSync(house.root, { recursive: true });
  });
}

test('a setup killed with -9 leaves no entry behind', async () => {
  const house = makeHouse(NPM_THAT_INSTALLS);
  const child = start(house, WAITS);
  const pid = await waitingPid(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  rmSync(house.root, { recursive: true });
});

/** What npm is to the setup: the process that started it and may be killed before it. */
const STARTER = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['infra/setup/prepare.mjs', 'entry.ts'], { stdio: 'inherit' });
`;

test('a killed npm leaves neither the setup nor the entry behind', async () => {
  const house = makeHouse(NPM_THAT_INSTALLS);
  writeFileSync(join(house.root, 'entry.ts'), WAITS);
  const env = { ...process.env, PATH: house.path };
  const npm = spawn(process.execPath, ['-e', STARTER], { cwd: house.root, env });
  const pid = await waitingPid(npm);
  npm.kill('SIGKILL');
  await once(npm, 'exit');
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  rmSync(house.root, { recursive: true });
});

test('an entry that closes the channel itself ends in its own way', async () => {
  const house = makeHouse(NPM_THAT_INSTALLS);
  const entry = 'process.disconnect(); setTimeout(() => console.log(process.execArgv), 300);';
  const ended = await end(start(house, entry));
  assert.equal([ended.code, ended.signal], [0, null]);
  assert.not.match(ended.output, '--import');
  rmSync(house.root, { recursive: true });
});

/** Where /proc tells, a process that ended but was not yet collected by its parent is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync('/proc/self/stat')) return true;
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('only a Node that strips types by itself is chosen', () => {
  for (const version of ['v22.18.0', 'v23.6.1', 'v24.0.0', '26.1.0\n']) {
    assert.ok(stripsTypes(version), version);
  }
  for (const version of ['v20.20.2', 'v22.17.9', 'v23.5.0', '']) {
    assert.not.ok(stripsTypes(version), version);
  }
});

test('npm does not run on the Node that it is about to delete', () => {
  const path = '/h o/node_modules/.bin:/usr/bin:/h/db/node_modules/.bin/:/bin';
  assert.is(pathWithoutProjectBinaries(path), '/usr/bin:/bin');
});

test.run();
