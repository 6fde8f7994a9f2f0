import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RedisLayout } from '../redis/guarded-redis.ts';
import { LaunchError } from './launch-error.ts';

/** Everything one installation keeps, and where. */
export type DataFolder = {
  readonly root: string;
  /** Of one server and of a cluster: each finds its own data again. */
  readonly redisFolders: Readonly<Record<RedisLayout, string>>;
  /** Held by whoever has Redis servers here: two on one append-only file would ruin it. */
  readonly redisLock: string;
  /** The ports of the servers that were last started, while they may still run. */
  readonly redisPortFiles: Readonly<Record<RedisLayout, string>>;
  readonly catalogueFile: string;
  readonly signingKeysFile: string;
  readonly logsFolder: string;
  readonly launcherLock: string;
  /** What runs now and where to reach it; for other commands and for the sentence to a second start. */
  readonly runningFile: string;
};

const OWNER_ONLY = 0o700;

export function dataFolder(path: string): DataFolder {
  const root = resolve(path);
  return {
    root,
    redisFolders: { single: join(root, 'redis-data'), cluster: join(root, 'redis-cluster') },
    redisLock: join(root, 'redis.lock'),
    redisPortFiles: { single: join(root, 'redis.port'), cluster: join(root, 'redis-node.port') },
    catalogueFile: join(root, 'catalogue.sqlite'),
    signingKeysFile: join(root, 'signing-keys.json'),
    logsFolder: join(root, 'logs'),
    launcherLock: join(root, 'launcher.lock'),
    runningFile: join(root, 'running.json'),
  };
}

/** Throws `LaunchError` when it cannot be made. */
export async function makeDataFolder(folder: DataFolder): Promise<void> {
  try {
    await makeFolder(folder.logsFolder);
  } catch (cause) {
    throw new LaunchError(
      'launch.data-folder',
      `The data folder ${folder.root} cannot be used (${cause instanceof Error ? cause.message : cause}); choose another one with --data.`,
      { cause },
    );
  }
}

/**
 * Step by step: Node's own recursive form never returns where a folder exists in which none can be
 * made, as in /proc.
 */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path, { mode: OWNER_ONLY }).catch((error: unknown) => {
    // Another start may have made it in this very moment.
    if (!existsSync(path)) throw error;
  });
}

/** Forgets holds and events; signing keys and logs stay. Only for the holder of `launcherLock`. */
export async function forgetData(folder: DataFolder): Promise<void> {
  for (const redisFolder of Object.values(folder.redisFolders)) {
    await rm(redisFolder, { recursive: true, force: true });
  }
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    await rm(`${folder.catalogueFile}${suffix}`, { force: true });
  }
}
