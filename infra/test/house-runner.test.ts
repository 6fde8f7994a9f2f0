import { fileURLToPath } from 'node:url';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { runFile } from '../testing/runner/run-file.ts';
import { judge, type Verdict } from '../testing/runner/verdict.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Run = Verdict & { output: string };

async function run(
  fixture: string,
  settings: { limitMs?: number; isCi?: boolean } = {},
): Promise<Run> {
  const { limitMs = 20_000, isCi = false } = settings;
  const path = `infra/test/fixtures/runner/${fixture}.fixture.ts`;
  const seen = await runFile({ path, root: ROOT, nodeArgs: [], env: process.env, limitMs });
  return { ...judge(seen, isCi), output: seen.output };
}

const test = suite('runner');

test('counts what passed and what was skipped, and says why it was', async () => {
  const result = await run('passes');
  assert.equal([result.passed, result.failed, result.skipped], [2, 0, 1]);
  assert.equal(result.problems, []);
  assert.match(result.output, 'SKIPPED "three": needs a thing: get-thing');
});

test('with CI set a skipped test fails', async () => {
  const result = await run('passes', { isCi: true });
  assert.is(result.failed, 1);
  assert.match(result.problems.join(), 'nothing may be');
});

test('counts a failing test and keeps its words', async () => {
  const result = await run('fails');
  assert.equal([result.passed, result.failed], [1, 1]);
  assert.match(result.output, 'two is wrong');
});

/** Traps of uvu and of processes: each must fail and say why, in the verdict or in the output. */
const TRAPS: readonly { fixture: string; says: RegExp; limitMs?: number }[] = [
  { fixture: 'throws-before', says: /FAILED HOOK before of "throws before": Error: no server/ },
  { fixture: 'throws-after', says: /FAILED HOOK after of "throws after": Error: no way to stop/ },
  { fixture: 'throws-before-each', says: /FAILED HOOK beforeEach .* no clean table/ },
  { fixture: 'forgets-run', says: /does it call \.run\(\)|"forgets run" never called \.run\(\)/ },
  { fixture: 'forgets-second-run', says: /suite "second" never called \.run\(\)/ },
  { fixture: 'has-no-tests', says: /it ran no tests/ },
  { fixture: 'hangs', says: /"never settles" still ran after 100 ms/ },
  { fixture: 'leaves-handle-open', says: /handle was left open[\s\S]*Still open: .*Timeout/ },
  { fixture: 'takes-too-long', says: /still ran after 1\.5 s and was killed/, limitMs: 1_500 },
  { fixture: 'crashes', says: /crashed with exit code 9/ },
  { fixture: 'rejects-unseen', says: /all tests passed but it ended with exit code/ },
  { fixture: 'runs-twice', says: /uvu ran more than once/ },
];

for (const { fixture, says, limitMs = 20_000 } of TRAPS) {
  test(`a file that ${fixture.replaceAll('-', ' ')} fails and says so`, async () => {
    const result = await run(fixture, { limitMs });
    assert.ok(result.failed > 0, 'it must fail');
    assert.match(`${result.problems.join('\n')}\n${result.output}`, says);
  });
}

test('what a file started and forgot ends with it', async () => {
  const result = await run('leaves-child');
  const pid = Number(/child (\d+)\./.exec(result.output)?.[1]);
  assert.throws(() => process.kill(pid, 0) && process.kill(-pid, 0));
  assert.is(result.failed, 0);
});

test.run();
