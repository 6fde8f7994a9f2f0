import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Programs that speak the protocol and know the commands we use, best first. */
const SERVER_NAMES = ['redis-server', 'valkey-server'] as const;

/** Where the unpacked server stands inside its folder. */
export const UNPACKED_PROGRAM = 'redis-server';

/** Whether the file may be run by us. */
export async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first of `names` found in the folders of `searchPath` (the form of PATH), or null. */
export async function findOnPath(
  names: readonly string[],
  searchPath: string,
): Promise<string | null> {
  for (const name of names) {
    for (const folder of searchPath.split(delimiter)) {
      if (folder !== '' && (await isProgram(join(folder, name)))) return join(folder, name);
    }
  }
  return null;
}

const VERSION_LIMIT_MS = 10_000;

/** The first number of the program's version; null when it does not tell. */
export async function majorVersion(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number | null> {
  const limits = { cwd: process.cwd(), env, limitMs: VERSION_LIMIT_MS };
  const told = await runTool(program, ['--version'], limits).catch(() => '');
  const major = /\bv=(\d+)\./.exec(told)?.[1];
  return major === undefined ? null : Number(major);
}

/** A server that is there already: on PATH, else unpacked before. */
export async function findRedisServer(
  searchPath: string,
  unpackFolder: string,
): Promise<string | null> {
  const installed = await findOnPath(SERVER_NAMES, searchPath);
  if (installed !== null) return installed;
  const unpacked = join(unpackFolder, UNPACKED_PROGRAM);
  return (await isProgram(unpacked)) ? unpacked : null;
}
