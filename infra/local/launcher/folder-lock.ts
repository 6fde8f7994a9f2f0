import { DatabaseSync } from 'node:sqlite';

/**
 * A lock that its holder cannot leave behind: an exclusive SQLite transaction on an empty file.
 * The operating system ends it with the process, also after `kill -9`, so there is no stale lock to
 * recognise and no process id to mistake for another program's.
 *
 * Whoever takes a lock must keep it in reach and release it: a forgotten one would be collected as
 * garbage, and its file closed, at any time.
 */
export type FolderLock = { release(): void };

const SQLITE_BUSY = 5;
const LOOK_AGAIN_MS = 100;

/** The lock, or null when another process (or another caller in this one) has it. */
export function takeFolderLock(file: string): FolderLock | null {
  const database = new DatabaseSync(file);
  try {
    // Nothing is ever written, so a journal file would only lie around.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
}

/** Waits for the lock at most `limitMs`; null when it stayed taken. */
export async function waitForFolderLock(file: string, limitMs: number): Promise<FolderLock | null> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const lock = takeFolderLock(file);
    if (lock !== null || performance.now() >= endMs) return lock;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
