import type { RedisConnection } from '@holdfast/db/redis';
import type { Logger } from './logger.ts';
import { isCluster, primariesOf } from './redis-primaries.ts';

/**
 * A server that evicts forgets holds, and a forgotten hold is a seat sold twice. So each process
 * that writes holds refuses such a server when it starts, and the worker goes on watching that
 * nothing was evicted, since the policy can be changed on a running server. Both are read with
 * INFO: managed servers forbid CONFIG more often. In a cluster every node is asked for its policy,
 * since a replica keeps by its own rules once it is a primary, and every primary for what it evicted.
 */

/** The server may evict keys. The message says what to run on it. */
export class RedisEvictsError extends Error {
  override readonly name = 'RedisEvictsError';
  readonly code = 'redis.evicts';
}

/**
 * Resolves when the server keeps all keys (`maxmemory-policy noeviction`), or does not tell.
 * Throws `RedisEvictsError`.
 */
export async function requireNoEviction(
  redis: RedisConnection,
  logger: Pick<Logger, 'debug'>,
): Promise<void> {
  const servers = isCluster(redis) ? redis.nodes('all') : [redis];
  for (const server of servers) {
    const told = await server.info('memory').catch((err: unknown) => {
      logger.debug({ err }, 'the Redis server does not tell its maxmemory-policy');
      return '';
    });
    const policy = infoField(told, 'maxmemory_policy');
    if (policy === null || policy === 'noeviction') continue;
    const { host, port } = server.options;
    const which = isCluster(redis) ? `at ${host}:${port} in the cluster` : 'of REDIS_URL';
    throw new RedisEvictsError(
      `The Redis server ${which} may evict keys (maxmemory-policy ${policy}), which would forget holds; run on it: CONFIG SET maxmemory-policy noeviction`,
    );
  }
}

/**
 * Keys that the primaries evicted since they started; null when one does not tell. Rejects when one
 * is away.
 */
export async function readEvictedKeys(redis: RedisConnection): Promise<number | null> {
  let sum = 0;
  for (const primary of primariesOf(redis)) {
    const count = infoField(await primary.info('stats'), 'evicted_keys');
    if (count === null) return null;
    sum += Number(count);
  }
  return sum;
}

/** INFO answers lines of `name:value`. */
function infoField(info: string, name: string): string | null {
  const line = info.split('\r\n').find((text) => text.startsWith(`${name}:`));
  return line?.slice(name.length + 1) ?? null;
}
