import { fileURLToPath } from 'node:url';
import { discover, matches, type TestFile } from './discover.ts';
import { HOUSE_CHECKS, runHouseCheck } from './house-checks.ts';
import { inParallel } from './in-parallel.ts';
import { KIND_RULES, KINDS } from './kinds.ts';
import { findProgram, PREREQUISITES } from './prerequisites.ts';
import { describe, lastLine, listOfFailures, tableOfShares } from './report.ts';
import { isGood, type Result, sum } from './result.ts';
import { killRunningFiles, runFile } from './run-file.ts';
import { judge } from './verdict.ts';
import { HELP, readWords, type Words } from './words.ts';
import { testNodeArgs } from './workspace-settings.ts';

/**
 * The test runner: `npm test`. Types and lint first, then every file in a process of its own, the
 * kinds one after the other. It believes no exit code (see verdict.ts).
 */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const INTERRUPTED_EXIT_CODE = 130;

type Run = Extract<Words, { kind: 'run' }>;

async function runAll(words: Run): Promise<Result[]> {
  const isCi = (process.env['CI'] ?? '') !== '';
  const env = environmentOfTests(words);
  const tell = (result: Result): Result => {
    console.log(describe(result, words.verbose));
    return result;
  };
  const narrowed = words.patterns.length > 0 || words.kinds.length < KINDS.length;
  const checks = HOUSE_CHECKS.filter(({ name }) =>
    narrowed ? words.patterns.includes(name) : matches(name, words.patterns),
  );
  const results = await inParallel(checks, 2, async (check) =>
    tell(await runHouseCheck(ROOT, check)),
  );
  const files = discover(ROOT, words);
  for (const kind of KINDS) {
    const ofKind = files.filter((file) => file.kind === kind);
    const run = async (file: TestFile) => tell(await runOne(file, env, isCi));
    results.push(...(await inParallel(ofKind, KIND_RULES[kind].atOnce, run)));
  }
  return results;
}

async function runOne(file: TestFile, env: NodeJS.ProcessEnv, isCi: boolean): Promise<Result> {
  const missing = PREREQUISITES.find(
    (wanted) => wanted.kinds.includes(file.kind) && findProgram(wanted, env) === null,
  );
  if (missing !== undefined) {
    const counted = isCi ? { failed: 1, skipped: 0 } : { failed: 0, skipped: 1 };
    const problems = [`needs ${missing.name}: ${missing.advice}`];
    return { name: file.path, passed: 0, ...counted, problems, output: '', durationMs: 0 };
  }
  const startedMs = performance.now();
  const seen = await runFile({
    path: file.path,
    root: ROOT,
    nodeArgs: testNodeArgs(ROOT, file.path),
    env,
    limitMs: KIND_RULES[file.kind].limitMs,
  });
  const durationMs = performance.now() - startedMs;
  return { name: file.path, ...judge(seen, isCi), output: seen.output, durationMs };
}

/** What the runner found out goes to the tests by name, so that they need not look again. */
function environmentOfTests(words: Run): NodeJS.ProcessEnv {
  const env = { ...process.env };
  if (words.seed !== null) env['HOLDFAST_SEED'] = words.seed;
  for (const wanted of PREREQUISITES) {
    const program = findProgram(wanted, env);
    if (program !== null) env[wanted.variable] = program;
  }
  return env;
}

async function main(): Promise<number> {
  const words = readWords(process.argv.slice(2));
  if (words.kind === 'help') {
    console.log(HELP);
    return 0;
  }
  if (words.kind === 'mistake') {
    console.error(words.message);
    return 1;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      killRunningFiles();
      process.exit(INTERRUPTED_EXIT_CODE);
    });
  }
  const results = await runAll(words);
  if (results.length === 0) console.error(`No test matches ${words.patterns.join(' ')}`);
  else console.log(`\n${tableOfShares(results)}\n`);
  const failures = listOfFailures(results);
  if (failures !== '') console.log(`${failures}\n`);
  console.log(lastLine(results));
  return isGood(sum(results)) ? 0 : 1;
}

process.exitCode = await main();
