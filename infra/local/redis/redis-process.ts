import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { freePort, LOOPBACK } from '../free-port.ts';

/** A server that did not come up. The message holds its last words. */
export class RedisStartError extends Error {
  override readonly name = 'RedisStartError';
  readonly code = 'redis.not-started';
}

export type RedisProcess = {
  readonly port: number;
  /** Where the nodes of a cluster speak to each other; 0 for a server that is none. */
  readonly busPort: number;
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves with its last words when the process ended, for whatever reason. */
  readonly ended: Promise<string>;
};

export type RedisProcessOptions = {
  readonly program: string;
  readonly folder: string;
  /** What outlives the process: an append-only file synced each second, or nothing (tests). */
  readonly keeps: 'everything' | 'nothing';
  /** Added arguments of redis-server; they win over ours. */
  readonly settings?: readonly string[];
  /** Added to the environment that the server inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes it a node of a cluster that takes a silent node for dead after this time. */
  readonly clusterNodeTimeoutMs?: number;
  /** Where it listens; a free port unless told. */
  readonly port?: number;
  /** The server may have gigabytes to read first. */
  readonly readyLimitMs: number;
  /** Told of each port before a server is started there. */
  readonly onPort?: (port: number) => void;
  /** Ends the server with SIGTERM, also while it still starts. */
  readonly signal?: AbortSignal;
};

const PORT_TRIES = 3;
const PORT_TAKEN = /address already in use/i;
const RETRY_MS = 20;
const LAST_WORDS_MAX = 2_000;

/**
 * Starts a server on a port of 127.0.0.1 and waits until it answers. Key expiry is announced
 * (`Ex`), and nothing is ever evicted: a full server refuses writes instead of forgetting holds.
 * Throws `RedisStartError`.
 */
export async function startRedisProcess(options: RedisProcessOptions): Promise<RedisProcess> {
  await mkdir(options.folder, { recursive: true });
  let lastWords = '';
  for (let attempt = 0; attempt < PORT_TRIES; attempt += 1) {
    const port = options.port ?? (await freePort());
    options.onPort?.(port);
    const busPort = options.clusterNodeTimeoutMs === undefined ? 0 : await freePort();
    const server = spawnServer(options, port, busPort);
    void server.ended.then((words) => {
      lastWords = words;
    });
    if (await answers(server, options.readyLimitMs)) return server;
    const isGone = server.child.exitCode !== null || server.child.signalCode !== null;
    server.child.kill('SIGKILL');
    if (!isGone) lastWords = `it did not answer within ${options.readyLimitMs / 1_000} s`;
    // Between choosing the port and listening another program may have taken it.
    if (!PORT_TAKEN.test(lastWords) || options.signal?.aborted) break;
  }
  throw new RedisStartError(`Redis did not start: ${lastLine(lastWords)}`);
}

function spawnServer(options: RedisProcessOptions, port: number, busPort: number): RedisProcess {
  const durable = options.keeps === 'everything';
  const words = [
    ...['--port', `${port}`, '--bind', LOOPBACK, '--dir', options.folder, '--daemonize', 'no'],
    ...['--save', '', '--appendonly', durable ? 'yes' : 'no', '--appendfsync', 'everysec'],
    ...['--notify-keyspace-events', 'Ex', '--maxmemory-policy', 'noeviction'],
    ...clusterWords(options.clusterNodeTimeoutMs, busPort),
    ...(options.settings ?? []),
  ];
  const child = spawn(options.program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  options.signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  // A signal that was given before is never given again.
  if (options.signal?.aborted) child.kill('SIGTERM');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LAST_WORDS_MAX);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      resolve(said.trim() === '' ? `it ended with ${signal ?? `code ${code}`}` : said.trim());
    });
  });
  return { port, busPort, url: `redis://${LOOPBACK}:${port}`, child, ended };
}

/**
 * A shard that is away must not stop the events of the others, and a replica begins to copy at once
 * instead of waiting 5 s for more replicas.
 */
function clusterWords(nodeTimeoutMs: number | undefined, busPort: number): string[] {
  if (nodeTimeoutMs === undefined) return [];
  return [
    ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
    ...['--cluster-node-timeout', `${nodeTimeoutMs}`, '--cluster-port', `${busPort}`],
    ...['--cluster-require-full-coverage', 'no', '--repl-diskless-sync-delay', '0'],
  ];
}

/** Waits until the server takes commands, which is after it has read its data, or has ended. */
async function answers({ port, ended }: RedisProcess, limitMs: number): Promise<boolean> {
  const client = new Redis({
    port,
    host: LOOPBACK,
    retryStrategy: () => RETRY_MS,
    lazyConnect: true,
  });
  client.on('error', () => undefined); // refused until the server listens; the limit speaks
  const ready = Promise.withResolvers<boolean>();
  client.once('ready', () => ready.resolve(true));
  client.once('end', () => ready.resolve(false));
  void ended.then(() => ready.resolve(false));
  const limit = setTimeout(() => ready.resolve(false), limitMs);
  // The first attempt usually comes too early; the client tries again until `ready` or the limit.
  client.connect().catch(() => undefined);
  try {
    return await ready.promise;
  } finally {
    clearTimeout(limit);
    client.disconnect();
  }
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? text;
}
