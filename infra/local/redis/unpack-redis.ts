import { access, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DebianPackages, openDebianPackages } from './debian-packages.ts';
import { isProgram, UNPACKED_PROGRAM } from './redis-program.ts';
import { runTool, ToolError } from './run-tool.ts';
import { libraryFolders, missingLibraries } from './shared-libraries.ts';

/** Packages that together bring a server, and the program they bring. The first set that exists is taken. */
const PACKAGE_SETS = [
  { packages: ['redis-tools', 'redis-server'], program: 'usr/bin/redis-server' },
  { packages: ['valkey-tools', 'valkey-server'], program: 'usr/bin/valkey-server' },
] as const;

const LIBRARY_ROUNDS_MAX = 4;
const VERSION_LIMIT_MS = 10_000;

type Parts = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly report: (line: string) => void;
};

/**
 * Unpacks a Redis server from the distribution's own packages into `folder`, without root, and
 * answers the program to run. Everything is prepared in a folder beside it and renamed into place
 * when the server has told its version, so that a half-made one is never used and the first of
 * several processes wins. Throws `ToolError` when the packages cannot be had.
 */
export async function unpackRedis(folder: string, parts: Parts): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await realpath(await mkdtemp(`${folder}.draft-`));
  try {
    const packages = await openDebianPackages(join(draft, 'apt'), parts.env);
    parts.report(
      'Redis is not installed here; reading the list of packages to unpack it without root …',
    );
    await packages.update();
    const root = join(draft, 'root');
    const program = await unpackServer(packages, root, parts);
    await writeFile(join(draft, UNPACKED_PROGRAM), starter(program, await libraryFolders(root)), {
      mode: 0o755,
    });
    const version = await runTool(join(draft, UNPACKED_PROGRAM), ['--version'], {
      cwd: draft,
      env: parts.env,
      limitMs: VERSION_LIMIT_MS,
    });
    await rm(join(draft, 'apt'), { recursive: true, force: true });
    await putInPlace(draft, folder);
    parts.report(`Unpacked into ${folder}: ${version.trim()}`);
    return join(folder, UNPACKED_PROGRAM);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Unpacks server and libraries into `root`; answers the program's path inside it. */
async function unpackServer(packages: DebianPackages, root: string, parts: Parts): Promise<string> {
  const failures: string[] = [];
  for (const set of PACKAGE_SETS) {
    parts.report(`Downloading ${set.packages.join(' and ')} …`);
    try {
      await packages.unpack(set.packages, root);
      const program = join(root, set.program);
      await access(program);
      await addLibraries(packages, await realpath(program), root, set.packages[0], parts);
      return set.program;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(error.message);
    }
  }
  throw new ToolError(failures.join(' / '));
}

/**
 * Brings what the loader misses: the libraries the server's package depends on, then what those
 * depend on, until nothing is missing.
 */
async function addLibraries(
  packages: DebianPackages,
  program: string,
  root: string,
  first: string,
  parts: Parts,
): Promise<void> {
  const known = new Set<string>();
  let fringe: string[] = [first];
  for (let round = 0; round < LIBRARY_ROUNDS_MAX; round += 1) {
    const missing = await missingLibraries(program, root, parts.env);
    if (missing.length === 0) return;
    parts.report(`Downloading libraries for ${missing.join(', ')} …`);
    const wanted: string[] = [];
    for (const name of fringe) wanted.push(...(await packages.librariesOf(name)));
    fringe = [...new Set(wanted)].filter((name) => !known.has(name));
    if (fringe.length === 0) break;
    for (const name of fringe) known.add(name);
    await packages.unpack(fringe, root);
  }
  const missing = await missingLibraries(program, root, parts.env);
  if (missing.length > 0) throw new ToolError(`no package brought ${missing.join(', ')}`);
}

/** A shell script that finds its folder by itself, so that the checkout may be moved. */
function starter(program: string, folders: readonly string[]): string {
  const search = folders.map((folder) => `$here/root/${folder}`).join(':');
  return [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$0")" && pwd)',
    `LD_LIBRARY_PATH="${search}" exec "$here/root/${program}" "$@"`,
    '',
  ].join('\n');
}

/** Another process may have finished first; its server is as good as ours. */
async function putInPlace(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!(await isProgram(join(folder, UNPACKED_PROGRAM)))) throw error;
  }
}
