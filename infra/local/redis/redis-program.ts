import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

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
