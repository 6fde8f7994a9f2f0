import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './logger.ts';

export type RedisRole = 'commands' | 'subscriber';

/** No Redis server answered at the address. The message holds no password. */
export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError';
  readonly code = 'redis.unreachable';
}

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 2_000;
const SUBSCRIBE_TIMEOUT_MS = 5_000;
const READY_LIMIT_MS = 10_000;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;
/** One line a second tells enough about a server that stays away. */
const ERROR_LOG_PERIOD_MS = 1_000;

/**
 * Opens a client and waits until the server is ready for commands, at most 10 s.
 *
 * A client for commands fails fast: while the server is away a command is refused at once, never
 * queued; a command in flight when the connection breaks is rejected, never sent again behind its
 * caller's back (the caller may, since commands are idempotent by the ids they carry). A subscriber
 * queues its subscriptions and renews them after a reconnect. Both reconnect for ever, with pauses
 * of 50 ms doubling to 1 s and jitter.
 *
 * Throws `RedisUnreachableError`.
 */
export async function openRedis(
  url: string,
  parts: {
    readonly name: string;
    readonly role: RedisRole;
    readonly logger: Logger;
    /** How long to wait for the server; 10 s unless told. */
    readonly readyLimitMs?: number;
  },
): Promise<Redis> {
  const redis = new Redis(url, clientOptions(parts.name, parts.role));
  let lastError: Error | undefined;
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  redis.on('error', (error: Error) => {
    lastError = error;
    const nowMs = performance.now();
    if (nowMs - loggedAtMs < ERROR_LOG_PERIOD_MS) return;
    loggedAtMs = nowMs;
    parts.logger.warn({ client: parts.name, err: error }, 'redis connection trouble');
  });
  const ready = Promise.withResolvers<boolean>();
  redis.once('ready', () => ready.resolve(true));
  const limitMs = parts.readyLimitMs ?? READY_LIMIT_MS;
  const limit = setTimeout(() => ready.resolve(false), limitMs);
  // The first attempt may fail while later ones succeed; `ready` is what counts.
  redis.connect().catch(() => undefined);
  const isReady = await ready.promise;
  clearTimeout(limit);
  if (isReady) return redis;
  redis.disconnect();
  const why = lastError === undefined ? '' : ` (${lastError.message})`;
  throw new RedisUnreachableError(
    `No Redis server was ready at ${withoutPassword(url)} within ${limitMs / 1_000} s${why}; start it, or correct REDIS_URL.`,
    { cause: lastError },
  );
}

function clientOptions(name: string, role: RedisRole) {
  const isSubscriber = role === 'subscriber';
  return {
    lazyConnect: true,
    connectionName: `holdfast-${name}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: isSubscriber ? SUBSCRIBE_TIMEOUT_MS : COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: isSubscriber ? null : 1,
    enableOfflineQueue: isSubscriber,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: !isSubscriber,
    retryStrategy: retryDelayMs,
  } satisfies RedisOptions;
}

function retryDelayMs(attempt: number): number {
  const ceilingMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 10));
  // Half fixed, half random, so that processes do not come back in step.
  return ceilingMs / 2 + (Math.random() * ceilingMs) / 2;
}

/** The address without user and password, fit for people and logs. */
export function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null
    ? 'the given address'
    : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
