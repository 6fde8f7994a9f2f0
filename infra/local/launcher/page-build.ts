import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { runTool, ToolError } from '../redis/run-tool.ts';
import { waitForFolderLock } from './folder-lock.ts';
import { LaunchError } from './launch-error.ts';

/** Everything that ends up in the page, or decides how. */
const SOURCES = [
  'client-solid/index.html',
  'client-solid/package.json',
  'client-solid/vite.config.ts',
  'client-solid/public',
  'client-solid/src',
  'db/src/model',
  'realtime-hub/src/protocol',
  'realtime-hub/src/viewer',
  'booking-api/src/contract',
  'package-lock.json',
] as const;

const PAGE_FOLDER = join(CHECKOUT, 'client-solid', 'dist');
const STAMP_FOLDER = join(CHECKOUT, '.holdfast');
const BUILD_LIMIT_MS = 180_000;

/**
 * Builds the page unless the one that is there was made from the same sources, and answers its
 * folder. One build at a time; the finished one is swapped in, so that a running gateway always
 * finds whole pages. Throws `LaunchError` with the first line of what the build said.
 */
export async function buildPage(
  env: Readonly<Record<string, string | undefined>>,
  report: (line: string) => void,
): Promise<string> {
  await mkdir(STAMP_FOLDER, { recursive: true });
  const lock = await waitForFolderLock(join(STAMP_FOLDER, 'page.lock'), BUILD_LIMIT_MS);
  if (lock === null) throw broken('another build of it does not end');
  try {
    const print = await fingerprint();
    const stampFile = join(STAMP_FOLDER, 'page.stamp');
    const stamp = await readFile(stampFile, 'utf8').catch(() => '');
    if (stamp === print && existsSync(join(PAGE_FOLDER, 'index.html'))) return PAGE_FOLDER;
    report('Building the page …');
    await build(env);
    await writeFile(stampFile, print);
    return PAGE_FOLDER;
  } finally {
    lock.release();
  }
}

async function build(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const draft = join(STAMP_FOLDER, 'page.draft');
  const vite = join(CHECKOUT, 'node_modules', 'vite', 'bin', 'vite.js');
  const words = [vite, 'build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'];
  try {
    await runTool(process.execPath, words, {
      cwd: join(CHECKOUT, 'client-solid'),
      env,
      limitMs: BUILD_LIMIT_MS,
    });
    await rm(PAGE_FOLDER, { recursive: true, force: true });
    await rename(draft, PAGE_FOLDER);
  } catch (error) {
    if (error instanceof ToolError) throw broken(error.message, error);
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function broken(why: string, cause?: Error): LaunchError {
  const firstLine = why.split('\n')[0] ?? why;
  return new LaunchError('launch.page-broken', `The page could not be built: ${firstLine}`, {
    cause,
  });
}

/** A hash over names and contents of all sources. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) {
    for (const file of await filesOf(join(CHECKOUT, source))) {
      hash.update(`\0${relative(CHECKOUT, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
}
