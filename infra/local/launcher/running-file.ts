import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What a running launcher tells other commands of the same user. */
const running = z.object({
  pid: z.number().int().positive(),
  url: z.string(),
  redisUrl: z.string(),
});

export type Running = z.output<typeof running>;

const OWNER_ONLY = 0o600;

/** Readable by its owner only: a Redis address may hold a password. */
export async function writeRunning(file: string, facts: Running): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(facts, null, 2)}\n`, { mode: OWNER_ONLY });
  await rename(draft, file);
}

/** Null where nothing can be read; the file may be left over from a launcher that was killed. */
export async function readRunning(file: string): Promise<Running | null> {
  try {
    return running.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

export async function removeRunning(file: string): Promise<void> {
  await rm(file, { force: true });
}
