import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

const LDD_LIMIT_MS = 10_000;

/** Folders inside an unpacked root that hold libraries, relative to it. */
export async function libraryFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    const names = await readdir(join(root, parent)).catch(() => []);
    for (const name of names) {
      if (name.includes('-linux-')) found.push(join(parent, name));
    }
  }
  return found;
}

/** Names of the libraries (`libjemalloc.so.2`) that the loader does not find for `program`. */
export async function missingLibraries(
  program: string,
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const folders = await libraryFolders(root);
  const listing = await runTool('ldd', [program], {
    cwd: root,
    env: { ...env, LD_LIBRARY_PATH: folders.map((folder) => join(root, folder)).join(':') },
    limitMs: LDD_LIMIT_MS,
  });
  return missingInListing(listing);
}

/** Reads the output of ldd. */
export function missingInListing(listing: string): string[] {
  return [...listing.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = '']) => name);
}
