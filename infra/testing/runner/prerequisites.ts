import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Kind } from './kinds.ts';

/** A program that some tests need and npm cannot bring. */
export type Prerequisite = {
  readonly name: string;
  /** The environment variable that names the program, for the tests and for people who have their own. */
  readonly variable: string;
  readonly programs: readonly string[];
  /** Said when it is missing. */
  readonly advice: string;
  readonly kinds: readonly Kind[];
};

export const PREREQUISITES: readonly Prerequisite[] = [
  {
    name: 'redis-server',
    variable: 'REDIS_SERVER',
    programs: ['redis-server', 'valkey-server'],
    advice: 'sudo apt-get install redis-server   (macOS: brew install redis)',
    kinds: ['redis', 'azure', 'e2e'],
  },
  {
    name: 'Chromium',
    variable: 'CHROMIUM',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    advice: 'sudo apt-get install chromium   (macOS: brew install --cask chromium)',
    kinds: ['e2e'],
  },
];

/** Where the program is, or null. A variable that is set is believed only if the program is there. */
export function findProgram(wanted: Prerequisite, env: NodeJS.ProcessEnv): string | null {
  const named = env[wanted.variable];
  const names = named === undefined || named === '' ? wanted.programs : [named];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = names.flatMap((name) =>
    isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name)),
  );
  return places.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
