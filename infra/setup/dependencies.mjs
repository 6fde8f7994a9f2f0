import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { runForwardingSignals } from './run-as-shadow.mjs';

/** How often a line says that the installation goes on, where npm cannot draw its own progress. */
const PROGRESS_MS = 5_000;

/**
 * Whether `node_modules` is what the lock file asks for. The stamp answers at once; without it
 * (somebody ran npm by hand) npm's own record of what it installed is compared.
 *
 * @param {string} root the checkout
 */
export function dependenciesAreCurrent(root) {
  const stamp = stampFile(root);
  const wanted = stampText(root);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  if (!recordMatchesLock(root)) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/**
 * Runs `npm ci` in sight of the user and leaves the stamp.
 *
 * @param {string} root the checkout
 */
export async function installDependencies(root) {
  console.log('Installing the dependencies (once, about a minute) ...');
  const startedMs = performance.now();
  const progress = process.stderr.isTTY
    ? undefined
    : setInterval(() => {
        const seconds = Math.round((performance.now() - startedMs) / 1_000);
        console.log(`Installing the dependencies ... ${seconds} s`);
      }, PROGRESS_MS);
  try {
    // Development tools are wanted whatever NODE_ENV says: the page is built and tests run from here.
    const words = ['ci', '--include=dev', '--include=optional'];
    const env = { ...process.env, PATH: pathWithoutProjectBinaries(process.env['PATH'] ?? '') };
    const end = await runForwardingSignals('npm', words, { cwd: root, stdio: 'inherit', env });
    if (end.code !== 0) {
      throw new Error(
        'The dependencies could not be installed; npm says above why. Check the network or proxy and run the command again.',
      );
    }
  } finally {
    clearInterval(progress);
  }
  writeFileSync(stampFile(root), stampText(root));
}

/**
 * `npm run` puts the project's own Node first on PATH; npm must not run on a Node that it is about
 * to delete.
 *
 * @param {string} path
 */
export function pathWithoutProjectBinaries(path) {
  const kept = path
    .split(delimiter)
    .filter((folder) => !/node_modules[\\/]\.bin[\\/]?$/.test(folder));
  return kept.join(delimiter);
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.holdfast-setup');
}

/**
 * Platform and architecture belong to it: a checkout may be shared between machines.
 *
 * @param {string} root
 */
function stampText(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  return `${hash} ${process.platform} ${process.arch}\n`;
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockedPackage
 * @param {string} root
 */
function recordMatchesLock(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readPackages(record);
  const locked = readPackages(join(root, 'package-lock.json'));
  // Packages for other platforms are optional and stay away; everything else must be there as locked.
  for (const [place, want] of locked) {
    const have = installed.get(place);
    if (have === undefined ? want.optional !== true : !isSame(have, want)) return false;
  }
  return [...installed.keys()].every((place) => locked.has(place));
}

/** @param {LockedPackage} one @param {LockedPackage} other */
function isSame(one, other) {
  return one.version === other.version && one.integrity === other.integrity;
}

/**
 * @param {string} file
 * @returns {Map<string, LockedPackage>} by place, such as `node_modules/koa`; workspaces left out
 */
function readPackages(file) {
  /** @type {{ packages: Record<string, LockedPackage> }} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(
    Object.entries(lock.packages).filter(([place]) => place.includes('node_modules/')),
  );
}
