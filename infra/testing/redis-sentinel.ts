import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, LOOPBACK } from '../local/free-port.ts';
import { type RedisProcess, startRedisProcess } from '../local/redis/redis-process.ts';
import { childProcess, driveProcess, type ProcessDriver } from './processes/process-driver.ts';
import { testRedisProgram } from './redis-server.ts';
import { stallReplicas } from './stall-replicas.ts';
import { until } from './until.ts';

/** A primary, its replica and three sentinels that replace the one by the other. */
export type TestSentinel = {
  /** `redis+sentinel://…/holdfast` with all three sentinels, and the user that clients have. */
  readonly url: string;
  readonly primary: TestSentinelServer;
  readonly replica: TestSentinelServer;
  /** The port of the server that the sentinels name as the primary now. */
  primaryPort(): Promise<number>;
  stop(): Promise<void>;
};

export type TestSentinelServer = ProcessDriver & {
  readonly port: number;
  readonly process: ChildProcess;
  /** A client of this server alone, that the test closes itself. */
  connect(): Redis;
  /** What it writes from now on reaches no replica any more, though clients notice nothing. */
  stallReplicas(): Promise<void>;
  /** Sentinels and replicas reach it no more, while clients do: it does not learn that it was replaced. */
  cutOff(): Promise<void>;
  /** How many clients of the system are connected to it. */
  clients(): Promise<number>;
  /** Kills it with -9; resolves when it is gone. */
  kill(): Promise<void>;
};

/** Clients have a user of their own, so that a primary can be closed to all others. */
const USER = { username: 'app', password: 'app-password' };
const READY_LIMIT_MS = 20_000;
const SENTINELS = 3;
const QUORUM = 2;
const NAME = 'holdfast';
/** Short, so that a failover takes seconds; long enough for a machine that is busy with tests. */
const DOWN_AFTER_MS = 2_000;
const FAILOVER_LIMIT_MS = 10_000;

/** `settings` are added redis-server arguments of primary and replica. */
export async function startTestSentinel(settings: readonly string[] = []): Promise<TestSentinel> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-sentinel-'));
  const program = await testRedisProgram();
  const start = (name: string, words: readonly string[]): Promise<RedisProcess> =>
    startRedisProcess({
      ...{ program, keeps: 'nothing', readyLimitMs: READY_LIMIT_MS },
      folder: join(folder, name),
      settings: ['--repl-diskless-sync-delay', '0', ...settings, ...words],
    });
  const primary = await start('primary', []);
  const replica = await start('replica', ['--replicaof', `${LOOPBACK} ${primary.port}`]);
  const sentinels = await Promise.all(
    Array.from({ length: SENTINELS }, (_, at) =>
      startSentinel(program, join(folder, `sentinel-${at + 1}`), primary.port),
    ),
  );
  const ports = sentinels.map(({ port }) => port);
  for (const server of [primary, replica]) await admitClients(server);
  const stop = async (): Promise<void> => {
    const children = [...sentinels, primary, replica].map(({ child }) => child);
    await Promise.all(children.map(endOf));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilWatched(ports);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis+sentinel://${USER.username}:${USER.password}@${ports.map((port) => `${LOOPBACK}:${port}`).join(',')}/${NAME}`,
    primary: handle('primary', primary),
    replica: handle('replica', replica),
    primaryPort: () => primaryPort(ports),
    stop,
  };
}

type SentinelProcess = { readonly port: number; readonly child: ChildProcess };

/** A sentinel keeps its state in its configuration file, which it rewrites itself. */
async function startSentinel(
  program: string,
  folder: string,
  primaryPort: number,
): Promise<SentinelProcess> {
  const port = await freePort();
  await mkdir(folder);
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    `bind ${LOOPBACK}`,
    `dir "${folder}"`,
    `sentinel monitor ${NAME} ${LOOPBACK} ${primaryPort} ${QUORUM}`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} ${FAILOVER_LIMIT_MS}`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return { port, child: spawn(program, [file, '--sentinel'], { stdio: 'ignore' }) };
}

/** Every sentinel knows the replica and both others, so that a majority can be had. */
async function untilWatched(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await until(
      'each sentinel knows the replica and the others',
      async () => {
        const facts = await ask(port, (redis) => redis.call('SENTINEL', 'MASTER', NAME));
        const knows = (name: string, count: number): boolean =>
          Array.isArray(facts) && facts[facts.indexOf(name) + 1] === `${count}`;
        return knows('num-slaves', 1) && knows('num-other-sentinels', SENTINELS - 1);
      },
      READY_LIMIT_MS,
    );
  }
}

async function primaryPort(ports: readonly number[]): Promise<number> {
  const question = (redis: Redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
  const answer = await ask(ports[0] ?? 0, question);
  return Array.isArray(answer) ? Number(answer[1]) : 0;
}

/** One question on a connection of its own; null when nobody answers. */
async function ask(port: number, question: (redis: Redis) => Promise<unknown>): Promise<unknown> {
  const redis = new Redis({ port, host: LOOPBACK, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    return await question(redis).catch(() => null);
  } finally {
    redis.disconnect();
  }
}

function handle(name: string, { port, child }: RedisProcess): TestSentinelServer {
  const connect = (): Redis => new Redis({ port, host: LOOPBACK, ...USER });
  const ask = async <T>(question: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = connect();
    return question(redis).finally(() => redis.disconnect());
  };
  return {
    ...driveProcess(childProcess(name, child)),
    port,
    process: child,
    connect,
    stallReplicas: () => ask(stallReplicas),
    cutOff: () =>
      ask(async (redis) => {
        await redis.acl('SETUSER', 'default', 'off');
        await redis.call('CLIENT', 'KILL', 'USER', 'default');
      }),
    clients: () =>
      ask(async (redis) => {
        const lines = `${await redis.client('LIST')}`.split('\n');
        return lines.filter((line) => line.includes('name=holdfast-')).length;
      }),
    kill: () => endOf(child),
  };
}

async function admitClients({ port }: RedisProcess): Promise<void> {
  const redis = new Redis({ port, host: LOOPBACK });
  const { username, password } = USER;
  const all = ['~*', '&*', '+@all'];
  await redis
    .acl('SETUSER', username, 'on', `>${password}`, ...all)
    .finally(() => redis.disconnect());
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
