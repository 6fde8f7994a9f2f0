import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { createEnding } from '../runtime/lifecycle/service-ending.ts';
import { createLogger } from '../runtime/logger.ts';
import { realAmbient } from '../runtime/real-ambient.ts';

const here = (file: string): string => fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));

type Room = { folder: string; steps: string };
const test = suite<Room>('life cycle', { folder: '', steps: '' });

test.beforeEach(async (room) => {
  room.folder = await mkdtemp(join(tmpdir(), 'holdfast-life-'));
  room.steps = join(room.folder, 'steps');
});

test.afterEach(async (room) => {
  await rm(room.folder, { recursive: true, force: true });
});

function startService(room: Room, env: Record<string, string> = {}): ChildProcess {
  return fork(here('service-process.ts'), {
    env: { ...process.env, STEPS_FILE: room.steps, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function ready(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve));
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string }> {
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out };
}

async function stepsOf(room: Room): Promise<string[]> {
  const text = await readFile(room.steps, 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.replace(/ \d+$/, ''))
    .slice(0, -1);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} drains, stops and exits with 0`, async (room) => {
    const child = startService(room);
    const end = ended(child);
    assert.equal(await ready(child), { ready: true, port: 0, adminPort: 0 });
    child.kill(signal);
    child.kill(signal);
    assert.is((await end).code, 0);
    assert.equal(await stepsOf(room), ['run', 'drain', 'stop']);
  });
}

test('a drain that hangs is cut at its limit and stop still runs', async (room) => {
  const child = startService(room, { MISHAP: 'drain hangs', DRAIN_LIMIT_MS: '50' });
  const end = ended(child);
  await ready(child);
  child.kill('SIGTERM');
  assert.is((await end).code, 1);
  assert.equal(await stepsOf(room), ['run', 'drain', 'stop']);
});

test('a service whose parent is killed with -9 drains and stops by itself', async (room) => {
  const parent = spawn(process.execPath, [here('parent-process.ts')], {
    env: { ...process.env, STEPS_FILE: room.steps },
    stdio: 'ignore',
  });
  const until = async (step: string): Promise<void> => {
    while (!(await stepsOf(room)).includes(step)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await until('run');
  parent.kill('SIGKILL');
  await until('stop');
  assert.equal(await stepsOf(room), ['run', 'drain', 'stop']);
  const pid = Number(/\d+/.exec(await readFile(room.steps, 'utf8'))?.[0]);
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isAlive()) await new Promise((resolve) => setTimeout(resolve, 20));
});

for (const [mishap, sentence, steps] of [
  ['build', 'the cellar is locked', []],
  ['run', 'the floor gave way', ['run', 'drain', 'stop']],
  ['unhandled', 'an error nobody handled; exiting', ['run']],
] as const) {
  test(`a failure in "${mishap}" exits with 1 and one fatal line that says why`, async (room) => {
    const { code, out } = await ended(startService(room, { MISHAP: mishap }));
    assert.is(code, 1);
    const fatal = out.split('\n').filter((line) => line.includes('"level":"fatal"'));
    assert.is(fatal.length, 1, out);
    assert.match(fatal[0] ?? '', sentence);
    assert.equal(await stepsOf(room), [...steps]);
  });
}

test('a broken setting ends the process with one sentence and no stack', async (room) => {
  const { code, out } = await ended(startService(room, { DRAIN_LIMIT_MS: 'soon' }));
  assert.is(code, 1);
  assert.is(
    out,
    'DRAIN_LIMIT_MS (--drain-limit-ms) was given as "soon", but it takes a whole number from 0 to 600000.\n',
  );
});

test('ending twice runs each step once, and stop runs although drain threw', async () => {
  const steps: string[] = [];
  const end = createEnding(
    {
      run: async () => undefined,
      drain: () => {
        steps.push('drain');
        throw new Error('thrown before any promise was made');
      },
      stop: async () => {
        steps.push('stop');
      },
    },
    {
      timers: realAmbient().timers,
      logger: createLogger('test', 'silent'),
      limits: { drainLimitMs: 1_000, stopLimitMs: 1_000 },
    },
  );
  const answers = await Promise.all([end('first'), end('second')]);
  assert.equal(answers, [{ clean: false }, { clean: false }]);
  assert.equal(steps, ['drain', 'stop']);
});

test.run();
