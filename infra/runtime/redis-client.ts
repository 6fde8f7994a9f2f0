import type { RedisConnection } from '@holdfast/db/redis';
import { Cluster, Redis } from 'ioredis';
import type { Logger } from './logger.ts';
import { parseRedisAddress, type RedisAddress, withoutPassword } from './redis-address.ts';
import { clusterOptions, nodeOptions, type RedisRole } from './redis-options.ts';
import { isCluster } from './redis-primaries.ts';
import { SentinelClient } from './redis-sentinels.ts';

/** No Redis server answered at the address. The message holds no password. */
export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError';
  readonly code = 'redis.unreachable';
}

const READY_LIMIT_MS = 10_000;
/** A server that is up is connected before the first hold; one that is not delays no start. */
const LOCK_READY_LIMIT_MS = 500;
/** One line a second tells enough about a server that stays away. */
const ERROR_LOG_PERIOD_MS = 1_000;

export type ClientParts = {
  readonly name: string;
  readonly role: RedisRole;
  readonly logger: Logger;
  /** How long to wait for the server; 10 s unless told, 500 ms for a lock. */
  readonly readyLimitMs?: number;
};

/**
 * Opens a client and waits until the server is ready for commands, at most 10 s. The address
 * (`redis-address.ts`) decides whether that is one server, the primary that Sentinel names, or a
 * cluster; the role decides how the client waits and gives up (`redis-options.ts`).
 *
 * A lock is a hint, so a lock server that is away is no failure: after 500 ms the client is handed
 * out as it is, and an outage is one line in the log. All reconnect for ever.
 *
 * Throws `RedisUnreachableError`, never for a lock.
 */
export async function openRedis(url: string, parts: ClientParts): Promise<RedisConnection> {
  const redis = createClient(parseRedisAddress(url), parts);
  const lastError = tellTrouble(redis, url, parts);
  const limitMs =
    parts.readyLimitMs ?? (parts.role === 'lock' ? LOCK_READY_LIMIT_MS : READY_LIMIT_MS);
  const isReady = await becomesReady(redis, limitMs);
  if (isReady || parts.role === 'lock') return redis;
  redis.disconnect();
  const cause = lastError();
  const why = cause === undefined ? '' : ` (${cause.message})`;
  throw new RedisUnreachableError(
    `No Redis server was ready at ${withoutPassword(url)} within ${limitMs / 1_000} s${why}; start it, or correct REDIS_URL.`,
    { cause },
  );
}

/** One server by host and port, with all else as the address and the role have it. */
export function createNodeClient(
  node: { readonly host: string; readonly port: number },
  url: string,
  parts: ClientParts,
): Redis {
  const address = parseRedisAddress(url);
  const redis = new Redis({ ...nodeOptions(parts.name, parts.role, address), ...node });
  tellTrouble(redis, url, parts);
  return redis;
}

function createClient(address: RedisAddress | null, { name, role }: ClientParts): RedisConnection {
  if (address === null) throw new TypeError('settings let no other Redis address pass');
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, nodeOptions(name, role, address));
    case 'sentinel':
      return new SentinelClient(name, role, address);
    case 'cluster':
      return createCluster(name, role, address);
  }
}

/**
 * Connections to all nodes are opened as soon as a node is known, those of replicas too: a replica
 * may be the primary of the next second, and a client that fails fast would refuse what comes while
 * it still connects.
 */
function createCluster(
  name: string,
  role: RedisRole,
  address: RedisAddress & { readonly kind: 'cluster' },
): Cluster {
  const cluster = new Cluster([...address.nodes], clusterOptions(name, role, address));
  cluster.on('+node', (node: Redis) => {
    node.connect().catch(() => undefined); // it goes on trying by itself, and tells
  });
  return cluster;
}

async function becomesReady(redis: RedisConnection, limitMs: number): Promise<boolean> {
  const ready = Promise.withResolvers<boolean>();
  const limit = setTimeout(() => ready.resolve(false), limitMs);
  redis.once('ready', () => ready.resolve(true));
  // The first attempt may fail while later ones succeed; `ready` is what counts.
  redis.connect().catch(() => undefined);
  const isReady = await ready.promise;
  clearTimeout(limit);
  return isReady;
}

/** Logs the errors of a client: an outage of a lock server once, of others once a second. */
function tellTrouble(
  redis: RedisConnection,
  url: string,
  { name, role, logger }: ClientParts,
): () => Error | undefined {
  const isLock = role === 'lock';
  const server = withoutPassword(url);
  let lastError: Error | undefined;
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  const tell = (error: Error): void => {
    lastError = error;
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) return;
    quietUntilMs = isLock ? Number.POSITIVE_INFINITY : nowMs + ERROR_LOG_PERIOD_MS;
    const text = isLock
      ? `the lock server at ${server} is away; locks go on without it, and it is tried again until it is back`
      : 'redis connection trouble';
    logger.warn({ client: name, err: error }, text);
  };
  redis.on('error', tell);
  if (isCluster(redis)) redis.on('node error', tell);
  redis.on('ready', () => {
    if (isLock) quietUntilMs = performance.now() + ERROR_LOG_PERIOD_MS;
  });
  return () => lastError;
}
