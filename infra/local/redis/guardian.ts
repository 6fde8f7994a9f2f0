import { z } from 'zod';
import type { ReadyMessage } from '../../runtime/lifecycle/service.ts';
import { type FolderLock, waitForFolderLock } from '../launcher/folder-lock.ts';
import { endLeftOvers, forgetPorts, startGuardedRedis } from './guarded-redis.ts';

/**
 * The process between launcher and Redis. Redis knows nothing of parents: when a launcher is killed
 * with -9, its server would live on. This process holds the launcher's IPC channel, ends the server
 * when the channel closes or SIGTERM comes, and tells the launcher when the server dies. The six
 * servers of a cluster are guarded alike, but one of them that dies is started again.
 *
 * It also holds the lock on the server's folder. A launcher that is started right after another one
 * was killed waits here until the old server has written its last and is gone. A server whose
 * guardian alone was killed is ended first (`left-over-server.ts`).
 */
const plan = z
  .object({
    layout: z.enum(['single', 'cluster']),
    program: z.string(),
    folder: z.string(),
    lockFile: z.string(),
    portFile: z.string(),
    readyLimitMs: z.number(),
    stopLimitMs: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? 'null'));

const LOCK_LIMIT_MS = 15_000;

async function guard(): Promise<void> {
  const asked = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => asked.abort());
  process.on('disconnect', () => asked.abort());
  const lock = await folderLock();
  // The launcher may have gone while this waited: nobody would ever end a server started now.
  if (asked.signal.aborted) process.exit(0);
  const redis = await startGuardedRedis(plan, asked.signal);
  const ready: ReadyMessage = { ready: true, port: 0, adminPort: 0, url: redis.url };
  process.send?.(ready, undefined, undefined, () => undefined);
  // On SIGTERM Redis writes what it has and leaves; should it not, it is ended.
  asked.signal.addEventListener('abort', () => {
    setTimeout(() => redis.kill(), plan.stopLimitMs).unref();
  });
  const lastWords = await redis.ended;
  if (!asked.signal.aborted) console.error(lastWords);
  forgetPorts(plan);
  lock.release();
  process.exit(asked.signal.aborted ? 0 : 1);
}

async function folderLock(): Promise<FolderLock> {
  const lock = await waitForFolderLock(plan.lockFile, LOCK_LIMIT_MS);
  const isFree = lock !== null && (await endLeftOvers(plan));
  if (lock !== null && isFree) return lock;
  lock?.release();
  throw new Error(`Another Redis server still runs on ${plan.folder}; stop it and start again.`);
}

process.stderr.on('error', () => undefined);
guard().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
