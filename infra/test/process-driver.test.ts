import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { childProcess, driveProcess, suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { processState } from '../testing/processes/process-state.ts';
import { until } from '../testing/until.ts';

const test = suite('process driver');
const ECHO = new URL('fixtures/echoing-child.ts', import.meta.url);
const PARENT = new URL('fixtures/pausing-parent.ts', import.meta.url);
const PAUSE_MS = 300;

async function withChild(body: (child: ChildProcess) => Promise<void>): Promise<void> {
  const child = fork(ECHO);
  const ended = once(child, 'exit');
  await once(child, 'message');
  try {
    await body(child);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** What the child said back within the time that it needs many times over; null when nothing. */
async function echoOf(child: ChildProcess, limitMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(limitMs);
  const answer = once(child, 'message', { signal });
  child.send('are you there');
  return answer.then(
    ([word]) => word,
    () => null,
  );
}

test('a paused process stands still when the promise resolves, and takes up what came meanwhile when it goes on', () =>
  withChild(async (child) => {
    const driver = driveProcess(childProcess('echo', child));
    await driver.pause();
    assert.is(await processState(driver.pid()), 'stopped');
    assert.is(await echoOf(child, PAUSE_MS), null);
    const late = once(child, 'message');
    await driver.resume();
    assert.is(await processState(driver.pid()), 'runs');
    assert.equal(await late, ['are you there', undefined]);
    await driver.resume();
    assert.is(await echoOf(child, 5_000), 'are you there');
  }));

test('a pause of a given length ends by itself', () =>
  withChild(async (child) => {
    const driver = driveProcess(childProcess('echo', child));
    const beganMs = performance.now();
    const pause = driver.pause(PAUSE_MS);
    await until('it stands still', async () => (await processState(driver.pid())) === 'stopped');
    await pause;
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs >= PAUSE_MS && tookMs < 10 * PAUSE_MS, `${tookMs} ms`);
    assert.is(await processState(driver.pid()), 'runs');
  }));

test('a crashed process is gone when the promise resolves, also out of a pause; what is not running cannot be crashed', () =>
  withChild(async (child) => {
    const driver = driveProcess(childProcess('echo', child));
    const pid = driver.pid();
    await driver.pause();
    await driver.crash();
    assert.is(await processState(pid), 'gone');
    assert.is(driver.pid(), 0);
    assert.is(child.signalCode, 'SIGKILL');
    for (const verb of [driver.crash, driver.pause]) {
      const refused: unknown = await verb().catch((error: unknown) => error);
      assert.match(String(refused), 'echo is not running');
    }
    await driver.resume();
  }));

for (const [kind, what] of [
  ['orderly', 'goes on and ends in order'],
  ['deaf', 'is killed if it does not end by itself'],
] as const) {
  test(`a process that was left stopped by a test that was killed ${what}`, async () => {
    const parent = fork(PARENT, [kind], { detached: true });
    const ended = once(parent, 'exit');
    const [pid] = await once(parent, 'message');
    await until('the child stands still', async () => (await processState(pid)) === 'stopped');
    process.kill(-(parent.pid ?? 0), 'SIGKILL');
    await ended;
    try {
      await until('the child is gone', async () => (await processState(pid)) === 'gone');
    } finally {
      if ((await processState(pid)) !== 'gone') process.kill(pid, 'SIGKILL');
    }
  });
}

test.run();
