import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/free-port.ts';
import { startRedisProcess } from '../local/redis/redis-process.ts';
import { testRedisProgram } from './redis-server.ts';

/** A Redis server that keeps what it has as `npm start` does, dies, and comes back at its address. */
export type ReturningRedis = {
  readonly url: string;
  /** Copies its data while it runs, as a backup would. */
  copyData(): Promise<void>;
  /** Kills it with -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again: with what it had, with the last copy of that, or with nothing. */
  comeBack(data: 'kept' | 'copied' | 'none'): Promise<void>;
  stop(): Promise<void>;
};

const READY_LIMIT_MS = 10_000;

export async function startReturningRedis(): Promise<ReturningRedis> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-returning-'));
  const folder = join(root, 'data');
  const copy = join(root, 'copy');
  const program = await testRedisProgram();
  const port = await freePort();
  const start = () =>
    startRedisProcess({
      ...{ program, folder, port, keeps: 'everything', readyLimitMs: READY_LIMIT_MS },
    });
  let server = await start();
  const kill = async (): Promise<void> => {
    server.child.kill('SIGKILL');
    await server.ended;
  };
  return {
    url: server.url,
    copyData: async () => {
      await rm(copy, { recursive: true, force: true });
      await cp(folder, copy, { recursive: true });
    },
    kill,
    comeBack: async (data) => {
      if (data !== 'kept') await rm(folder, { recursive: true });
      if (data === 'copied') await cp(copy, folder, { recursive: true });
      server = await start();
    },
    stop: async () => {
      await kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}
