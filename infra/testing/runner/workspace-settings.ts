import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const settings = z.object({ testNodeArgs: z.array(z.string()).default([]) });

/**
 * Flags of Node that a workspace's tests need, from `testNodeArgs` in its package.json: a hook that
 * compiles .tsx, for example. Relative paths in them start at the checkout.
 */
export function testNodeArgs(root: string, testFile: string): readonly string[] {
  const [workspace = ''] = testFile.split('/');
  const file = join(root, workspace, 'package.json');
  if (!existsSync(file)) return [];
  return settings.parse(JSON.parse(readFileSync(file, 'utf8'))).testNodeArgs;
}
