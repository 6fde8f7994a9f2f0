import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Result } from './result.ts';

/** A check of the whole checkout that counts as one test. */
export type HouseCheck = {
  readonly name: 'types' | 'lint';
  readonly tool: string;
  readonly args: readonly string[];
};

export const HOUSE_CHECKS: readonly HouseCheck[] = [
  { name: 'types', tool: 'typescript/bin/tsc', args: ['-b'] },
  {
    name: 'lint',
    tool: '@biomejs/biome/bin/biome',
    args: ['ci', '--error-on-warnings', '--colors=off', '.'],
  },
];

/** Its tool's exit code is the verdict, its words are the output. */
export async function runHouseCheck(root: string, check: HouseCheck): Promise<Result> {
  const startedMs = performance.now();
  const tool = join(root, 'node_modules', check.tool);
  const child = spawn(process.execPath, [tool, ...check.args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: string): void => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  await once(child, 'close');
  const good = child.exitCode === 0;
  return {
    name: check.name,
    passed: good ? 1 : 0,
    failed: good ? 0 : 1,
    skipped: 0,
    problems: good ? [] : [`npm run ${check.name} fails`],
    output: good ? '' : output,
    durationMs: performance.now() - startedMs,
  };
}
