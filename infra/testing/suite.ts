import { type Callback, type Context, suite as uvuSuite } from 'uvu';

/**
 * uvu behind our own door. uvu 0.5 lets three failures pass in silence: a throwing hook, a test
 * that never settles, a suite that forgot `.run()`. Here a hook that throws fails the run by name,
 * every test has a time limit, and a suite that was filled but never run is told at the exit. The
 * runner (`infra/testing/runner`) sees what only an outsider can: handles left open, no tests at all.
 */
export type Suite<T> = {
  (title: string, test: Callback<T>, limits?: { timeoutMs: number }): void;
  /** Shown in the output and counted as skipped; `why` names the command that brings what is missing. */
  skip(title: string, why: string): void;
  before(hook: Callback<T>): void;
  after(hook: Callback<T>): void;
  beforeEach(hook: Callback<T>): void;
  afterEach(hook: Callback<T>): void;
  run(): void;
};

const TEST_TIMEOUT_MS = 20_000;
const HOOK_TIMEOUT_MS = 60_000;

/** Names of suites that have tests and were not run yet. */
const neverRun = new Set<string>();
let hookFailed = false;

// uvu sets the exit code when it printed its totals, so ours has to come after it.
process.once('exit', () => {
  for (const name of neverRun) console.error(`FORGOTTEN: suite "${name}" never called .run()`);
  if (hookFailed || neverRun.size > 0) process.exitCode = 1;
});

export function suite<T = Context>(name: string, context?: T): Suite<T> {
  const inner = uvuSuite<T>(name, context);
  const add = (title: string, test: Callback<T>, limits = { timeoutMs: TEST_TIMEOUT_MS }): void => {
    neverRun.add(name);
    inner(title, (given) => within(limits.timeoutMs, `"${title}"`, test, given));
  };
  const hook = (kind: string, body: Callback<T>): Callback<T> => {
    return async (given) => {
      try {
        await within(HOOK_TIMEOUT_MS, `${kind} hook`, body, given);
      } catch (error) {
        console.error(`FAILED HOOK ${kind} of "${name}":`, error);
        hookFailed = true;
        throw error;
      }
    };
  };
  return Object.assign(add, {
    skip: (title: string, why: string) => {
      neverRun.add(name);
      console.log(`SKIPPED "${title}": ${why}`);
      inner.skip(title, () => undefined);
    },
    before: (body: Callback<T>) => inner.before(hook('before', body)),
    after: (body: Callback<T>) => inner.after(hook('after', body)),
    beforeEach: (body: Callback<T>) => inner.before.each(hook('beforeEach', body)),
    afterEach: (body: Callback<T>) => inner.after.each(hook('afterEach', body)),
    run: () => {
      neverRun.delete(name);
      inner.run();
    },
  });
}

async function within<T>(
  limitMs: number,
  what: string,
  body: Callback<T>,
  context: Parameters<Callback<T>>[0],
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} still ran after ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([body(context), late]);
  } finally {
    clearTimeout(timer);
  }
}
