import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './logger.ts';

/** What a client is for decides how it waits, queues and gives up; see `openRedis`. */
export type RedisRole = 'commands' | 'subscriber' | 'lock';

/** No Redis server answered at the address. The message holds no password. */
export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError';
  readonly code = 'redis.unreachable';
}

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 2_000;
const SUBSCRIBE_TIMEOUT_MS = 5_000;
const READY_LIMIT_MS = 10_000;
/** A lock is waited for 20 ms; what answers later than this is as good as silent. */
const LOCK_COMMAND_TIMEOUT_MS = 100;
/** A connection that stays silent this long is opened anew, which bounds what waits on it. */
const LOCK_SILENCE_LIMIT_MS = 2_000;
/** A server that is up is connected before the first hold; one that is not delays no start. */
const LOCK_READY_LIMIT_MS = 500;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;
/** One line a second tells enough about a server that stays away. */
const ERROR_LOG_PERIOD_MS = 1_000;

type ClientParts = {
  readonly name: string;
  readonly role: RedisRole;
  readonly logger: Logger;
  /** How long to wait for the server; 10 s unless told, 500 ms for a lock. */
  readonly readyLimitMs?: number;
};

/**
 * Opens a client and waits until the server is ready for commands, at most 10 s.
 *
 * A client for commands fails fast: while the server is away a command is refused at once, never
 * queued; a command in flight when the connection breaks is rejected, never sent again behind its
 * caller's back (the caller may, since commands are idempotent by the ids they carry). A subscriber
 * queues its subscriptions and renews them after a reconnect. A client for locks fails faster
 * still, and since a lock is a hint, a server that is away is no failure: after 500 ms the client
 * is handed out as it is, and an outage is one line in the log. All reconnect for ever, with
 * pauses of 50 ms doubling to 1 s and jitter.
 *
 * Throws `RedisUnreachableError`, never for a lock.
 */
export async function openRedis(url: string, parts: ClientParts): Promise<Redis> {
  const redis = new Redis(url, clientOptions(parts.name, parts.role));
  const lastError = tellTrouble(redis, url, parts);
  const ready = Promise.withResolvers<boolean>();
  redis.once('ready', () => ready.resolve(true));
  const limitMs =
    parts.readyLimitMs ?? (parts.role === 'lock' ? LOCK_READY_LIMIT_MS : READY_LIMIT_MS);
  const limit = setTimeout(() => ready.resolve(false), limitMs);
  // The first attempt may fail while later ones succeed; `ready` is what counts.
  redis.connect().catch(() => undefined);
  const isReady = await ready.promise;
  clearTimeout(limit);
  if (isReady || parts.role === 'lock') return redis;
  redis.disconnect();
  const cause = lastError();
  const why = cause === undefined ? '' : ` (${cause.message})`;
  throw new RedisUnreachableError(
    `No Redis server was ready at ${withoutPassword(url)} within ${limitMs / 1_000} s${why}; start it, or correct REDIS_URL.`,
    { cause },
  );
}

/** Logs the errors of a client: an outage of a lock server once, of others once a second. */
function tellTrouble(
  redis: Redis,
  url: string,
  { name, role, logger }: ClientParts,
): () => Error | undefined {
  const isLock = role === 'lock';
  const server = withoutPassword(url);
  let lastError: Error | undefined;
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  redis.on('error', (error: Error) => {
    lastError = error;
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) return;
    quietUntilMs = isLock ? Number.POSITIVE_INFINITY : nowMs + ERROR_LOG_PERIOD_MS;
    const text = isLock
      ? `the lock server at ${server} is away; locks go on without it, and it is tried again until it is back`
      : 'redis connection trouble';
    logger.warn({ client: name, err: error }, text);
  });
  redis.on('ready', () => {
    if (isLock) quietUntilMs = performance.now() + ERROR_LOG_PERIOD_MS;
  });
  return () => lastError;
}

function clientOptions(name: string, role: RedisRole) {
  return {
    lazyConnect: true,
    connectionName: `holdfast-${name}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryDelayMs,
    ...ROLE_OPTIONS[role],
  } satisfies RedisOptions;
}

const FAILS_FAST = { maxRetriesPerRequest: 1, enableOfflineQueue: false };

const ROLE_OPTIONS = {
  commands: { ...FAILS_FAST, commandTimeout: COMMAND_TIMEOUT_MS, enableAutoPipelining: true },
  subscriber: {
    commandTimeout: SUBSCRIBE_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    enableAutoPipelining: false,
  },
  lock: {
    ...FAILS_FAST,
    commandTimeout: LOCK_COMMAND_TIMEOUT_MS,
    socketTimeout: LOCK_SILENCE_LIMIT_MS,
    enableAutoPipelining: true,
  },
} satisfies Record<RedisRole, RedisOptions>;

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
