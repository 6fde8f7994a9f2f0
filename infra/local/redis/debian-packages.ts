import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/**
 * Debian's and Ubuntu's own tools, used without root and without a trace outside one folder: apt
 * gets its package lists, cache and log in there, and the hooks of the system's configuration
 * (which would touch the system's own cache) are cleared. Signatures are checked as usual.
 */
export type DebianPackages = {
  /** Fetches the lists of packages. */
  update(): Promise<void>;
  /** Downloads packages and unpacks them into `root`. Throws `ToolError` for an unknown name. */
  unpack(names: readonly string[], root: string): Promise<void>;
  /** Names of the libraries that a package depends on, first alternatives only. */
  librariesOf(name: string): Promise<string[]>;
};

const UPDATE_LIMIT_MS = 300_000;
const DOWNLOAD_LIMIT_MS = 300_000;
const TOOL_LIMIT_MS = 60_000;

export async function openDebianPackages(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DebianPackages> {
  const debs = join(folder, 'debs');
  for (const part of ['lists/partial', 'cache/archives/partial', 'state', 'log', 'debs']) {
    await mkdir(join(folder, part), { recursive: true });
  }
  const conf = join(folder, 'apt.conf');
  await writeFile(conf, aptConf(folder));
  const run = (command: string, words: readonly string[], limitMs: number) =>
    runTool(command, words, { cwd: debs, env, limitMs });
  return {
    update: async () => {
      await run('apt-get', ['-c', conf, '-q', 'update'], UPDATE_LIMIT_MS);
    },
    unpack: async (names, root) => {
      const before = new Set(await readdir(debs));
      await run('apt-get', ['-c', conf, '-q', 'download', ...names], DOWNLOAD_LIMIT_MS);
      await mkdir(root, { recursive: true });
      for (const deb of await readdir(debs)) {
        if (!before.has(deb)) await run('dpkg', ['-x', join(debs, deb), root], TOOL_LIMIT_MS);
      }
    },
    librariesOf: async (name) => {
      const facts = await run(
        'apt-cache',
        ['-c', conf, 'show', '--no-all-versions', name],
        TOOL_LIMIT_MS,
      );
      return libraryNames(facts);
    },
  };
}

/**
 * Library packages in the `Depends` of a control paragraph. The C library is left out: a second
 * one beside the system's would not fit its loader.
 */
export function libraryNames(paragraph: string): string[] {
  const depends = /^(?:Pre-)?Depends: (.*)$/gm;
  const names = [...paragraph.matchAll(depends)]
    .flatMap(([, list = '']) => list.split(','))
    .map((entry) => /^[a-z0-9.+-]+/.exec(entry.trim())?.[0] ?? '')
    .filter((name) => name.startsWith('lib') && name !== 'libc6');
  return [...new Set(names)];
}

function aptConf(folder: string): string {
  return [
    `Dir::State "${folder}/state";`,
    `Dir::State::lists "${folder}/lists";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${folder}/cache";`,
    `Dir::Log "${folder}/log";`,
    'Debug::NoLocking "true";',
    // Started by root, apt would hand downloads to a user that may not write into our folder.
    'APT::Sandbox::User "";',
    // Only packages: translations and file indexes are tens of megabytes that nobody reads.
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '#clear DPkg::Post-Invoke;',
    '',
  ].join('\n');
}
