import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A redis-server of the test's own: free port, own folder, gone when stopped. */
export type TestRedis = {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** A client that the test closes itself. */
  connect(): Redis;
  stop(): Promise<void>;
};

const READY_LIMIT_MS = 10_000;

/** Starts a server and resolves once it answers PING. `settings` are added redis-server arguments. */
export async function startTestRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-redis-'));
  const port = await freePort();
  const binary = process.env['REDIS_SERVER'] ?? 'redis-server';
  const fixed = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const notices = ['--notify-keyspace-events', 'Ex', '--maxmemory-policy', 'noeviction'];
  const child = spawn(binary, [...fixed, ...notices, ...settings], { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const connect = (): Redis => new Redis({ port, host: '127.0.0.1' });
  await Promise.race([answersPing(connect()), failed]);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    process: child,
    connect,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answersPing(client: Redis): Promise<void> {
  client.on('error', () => undefined); // refused until the server listens; the limit below speaks
  const limit = setTimeout(() => client.disconnect(), READY_LIMIT_MS);
  try {
    await client.ping();
  } finally {
    clearTimeout(limit);
    client.disconnect();
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
        else resolve(address.port);
      });
    });
  });
}
