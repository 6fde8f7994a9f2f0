import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { TraceError } from './trace-error.ts';

/** What the launcher writes while it runs; other fields are its own business. */
const running = z.object({ redisUrl: z.string() });

export function catalogueFileIn(folder: string): string | null {
  const file = resolve(folder, 'catalogue.sqlite');
  return existsSync(file) ? file : null;
}

export function logsFolderIn(folder: string): string {
  return join(resolve(folder), 'logs');
}

/** Address of the Redis that runs on the folder. Throws `TraceError` where none does. */
export async function redisUrlIn(folder: string): Promise<string> {
  try {
    const text = await readFile(resolve(folder, 'running.json'), 'utf8');
    return running.parse(JSON.parse(text)).redisUrl;
  } catch (cause) {
    throw new TraceError(
      'trace.not-running',
      `Holdfast does not run on the data folder ${folder}: start it (npm start), name its folder with --data, or a server with --redis.`,
      { cause },
    );
  }
}
