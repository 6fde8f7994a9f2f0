import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { REDIS_UNPACK_FOLDER } from '../local/checkout.ts';
import { LOOPBACK } from '../local/free-port.ts';
import { provideRedisServer } from '../local/redis/provide-redis.ts';
import { startRedisProcess } from '../local/redis/redis-process.ts';
import type { RedisClock } from './faults/redis-clock.ts';
import { childProcess, driveProcess, type ProcessDriver } from './processes/process-driver.ts';

/** A redis-server of the test's own: free port, own folder, gone when stopped. */
export type TestRedis = ProcessDriver & {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** A client that the test closes itself. */
  connect(): Redis;
  stop(): Promise<void>;
};

const READY_LIMIT_MS = 10_000;

let program: Promise<string> | undefined;

/** The server that tests start; brought once for this process, the way `npm start` does. */
export function testRedisProgram(): Promise<string> {
  program ??= provideRedisServer({
    chosen: process.env['REDIS_SERVER'] ?? null,
    env: process.env,
    unpackFolder: REDIS_UNPACK_FOLDER,
    report: (line) => console.log(line),
  });
  return program;
}

export type TestRedisOptions = {
  /** The clock that the server goes by. */
  readonly clock?: RedisClock;
};

/** Starts a server and resolves once it answers. `settings` are added redis-server arguments. */
export async function startTestRedis(
  settings: readonly string[] = [],
  { clock }: TestRedisOptions = {},
): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-redis-'));
  const server = await startRedisProcess({
    program: await testRedisProgram(),
    folder,
    keeps: 'nothing',
    settings,
    readyLimitMs: READY_LIMIT_MS,
    ...(clock === undefined ? {} : { env: clock.env }),
  });
  return {
    ...driveProcess(childProcess('redis', server.child)),
    url: server.url,
    port: server.port,
    process: server.child,
    connect: () => new Redis({ port: server.port, host: LOOPBACK }),
    stop: async () => {
      server.child.kill('SIGKILL');
      await server.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
