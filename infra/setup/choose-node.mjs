import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

/**
 * The Node that runs TypeScript files as they are: the one that came as a dependency, or else the
 * one we run on, if it is new enough.
 *
 * @param {string} root the checkout
 * @returns {string} path of the executable
 */
export function chooseNode(root) {
  const installed = join(root, 'node_modules', '.bin', 'node');
  // Asked, not looked at: a file for another machine or a half-done install would exist as well.
  const answer = spawnSync(installed, ['--version'], { encoding: 'utf8' });
  if (answer.status === 0 && stripsTypes(answer.stdout)) return installed;
  if (stripsTypes(process.version)) return process.execPath;
  throw new Error(
    `Node 24 could not be installed as a package and this is ${process.version}, which cannot run ` +
      'TypeScript. Run `npm ci` to try again, or install Node 24 on your system.',
  );
}

/**
 * Since 22.18 and 23.6 Node takes the types out of a .ts file by itself.
 *
 * @param {string} version `v24.1.0` or `24.1.0`
 */
export function stripsTypes(version) {
  const [major = 0, minor = 0] = version.trim().replace('v', '').split('.').map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}
