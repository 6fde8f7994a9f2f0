import type { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

/**
 * A server that evicts forgets holds, and a forgotten hold is a seat sold twice. So each process
 * that writes holds refuses such a server when it starts, and the worker goes on watching that
 * nothing was evicted, since the policy can be changed on a running server. Both are read with
 * INFO: managed servers forbid CONFIG more often.
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
  redis: Pick<Redis, 'info'>,
  logger: Pick<Logger, 'debug'>,
): Promise<void> {
  const told = await redis.info('memory').catch((err: unknown) => {
    logger.debug({ err }, 'the Redis server does not tell its maxmemory-policy');
    return '';
  });
  const policy = infoField(told, 'maxmemory_policy');
  if (policy === null || policy === 'noeviction') return;
  throw new RedisEvictsError(
    `The Redis server of REDIS_URL may evict keys (maxmemory-policy ${policy}), which would forget holds; run on it: CONFIG SET maxmemory-policy noeviction`,
  );
}

/** Keys evicted since the server started; null when it does not tell. Rejects when it is away. */
export async function readEvictedKeys(redis: Pick<Redis, 'info'>): Promise<number | null> {
  const count = infoField(await redis.info('stats'), 'evicted_keys');
  return count === null ? null : Number(count);
}

/** INFO answers lines of `name:value`. */
function infoField(info: string, name: string): string | null {
  const line = info.split('\r\n').find((text) => text.startsWith(`${name}:`));
  return line?.slice(name.length + 1) ?? null;
}
