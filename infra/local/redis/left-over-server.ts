import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { LOOPBACK } from '../free-port.ts';

/**
 * A server that outlived its guardian: `kill -9` of the guardian alone frees the folder's lock, but
 * nobody tells the server. A second one on the same append-only file would ruin it, so every
 * guardian writes down the port before it starts a server, and asks that port first. A server there
 * that works in our folder can only be ours; whatever else listens there is left alone.
 */

const ASK_LIMIT_MS = 1_000;
const LOOK_AGAIN_MS = 100;

/** Written before the server starts, so that there is no server without a note. */
export function notePort(noteFile: string, port: number): void {
  writeFileSync(noteFile, `${port}\n`);
}

export function forgetPort(noteFile: string): void {
  rmSync(noteFile, { force: true });
}

/**
 * Ends the server that the note speaks of, if it works in `folder`; it writes what it has first.
 * False if it is still there after `limitMs`.
 */
export async function endLeftOver(
  noteFile: string,
  folder: string,
  limitMs: number,
): Promise<boolean> {
  const port = notedPort(noteFile);
  const endMs = performance.now() + limitMs;
  while (port !== null && (await worksIn(port, folder))) {
    if (performance.now() > endMs) return false;
    await ask(port, (redis) => redis.shutdown('NOSAVE'));
    await sleep(LOOK_AGAIN_MS);
  }
  forgetPort(noteFile);
  return true;
}

function notedPort(noteFile: string): number | null {
  try {
    const port = Number(readFileSync(noteFile, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 2 ** 16 ? port : null;
  } catch {
    return null; // no note: no server was left
  }
}

/** Also a server that is still reading its data answers this. */
async function worksIn(port: number, folder: string): Promise<boolean> {
  const answer = await ask(port, (redis) => redis.config('GET', 'dir'));
  return Array.isArray(answer) && answer[1] === realFolder(folder);
}

/** Redis tells the folder without links; one that is gone has no other name than its own. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** One question on a connection of its own; null when nobody answers in time, or no Redis does. */
async function ask(port: number, question: (redis: Redis) => Promise<unknown>): Promise<unknown> {
  const redis = new Redis({
    port,
    host: LOOPBACK,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    connectTimeout: ASK_LIMIT_MS,
    commandTimeout: ASK_LIMIT_MS,
  });
  redis.on('error', () => undefined); // the question itself fails then
  try {
    await redis.connect();
    return await question(redis);
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}
