import { fileURLToPath } from 'node:url';
import { discover, matches, type TestFile } from './discover.ts';
import { HOUSE_CHECKS, runHouseCheck } from './house-checks.ts';
import { inParallel } from './in-parallel.ts';
import { KIND_RULES, KINDS } from './kinds.ts';
import { findMissing, PREREQUISITES } from './prerequisites.ts';
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
  const env = { ...process.env };
  if (words.seed !== null) env['HOLDFAST_SEED'] = words.seed;
  const missing = await findMissing(
    files.map(({ kind }) => kind),
    PREREQUISITES,
  );
  for (const kind of KINDS) {
    const why = missing.get(kind);
    const run = async (file: TestFile) =>
      tell(why === undefined ? await runOne(file, env, isCi) : leaveOut(file, why, isCi));
    const ofKind = files.filter((file) => file.kind === kind);
    results.push(...(await inParallel(ofKind, KIND_RULES[kind].atOnce, run)));
  }
  return results;
}

/** With CI set nothing may be left out. */
function leaveOut(file: TestFile, why: string, isCi: boolean): Result {
  const counted = isCi ? { failed: 1, skipped: 0 } : { failed: 0, skipped: 1 };
  return { name: file.path, passed: 0, ...counted, problems: [why], output: '', durationMs: 0 };
}

async function runOne(file: TestFile, env: NodeJS.ProcessEnv, isCi: boolean): Promise<Result> {
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
