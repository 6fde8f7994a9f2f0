import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.ts';

/**
 * How a client waits, queues and gives up.
 *
 * A client for commands fails fast: while the server is away a command is refused at once, never
 * queued; a command in flight when the connection breaks is rejected, never sent again behind its
 * caller's back (the caller may, since commands are idempotent by the ids they carry). A subscriber
 * queues its subscriptions; who holds one renews it after a reconnect (`keepSubscribed`). A client for locks fails faster
 * still. All reconnect for ever, with pauses of 50 ms doubling to 1 s and jitter.
 *
 * A cluster client keeps a connection to every node by the same rules. It follows redirections,
 * which are answers of a server that did nothing; everything else is the caller's to repeat. Who has
 * which slots it asks once a second, so that also a process that sends nothing learns of a
 * failover. Commands do not share automatic pipelines there: see `db/src/redis/watched-command.ts`.
 *
 * A client of Sentinel listens to the sentinels too, and leaves a primary that they replaced even if
 * that one still answers. A server that says it is a replica now is left as well.
 */
export type RedisRole = 'commands' | 'subscriber' | 'lock';

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 2_000;
const SUBSCRIBE_TIMEOUT_MS = 5_000;
/** A lock is waited for 20 ms; what answers later than this is as good as silent. */
const LOCK_COMMAND_TIMEOUT_MS = 100;
/** A connection that stays silent this long is opened anew, which bounds what waits on it. */
const LOCK_SILENCE_LIMIT_MS = 2_000;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;
const SLOTS_LOOK_PERIOD_MS = 1_000;

const FAILS_FAST = { maxRetriesPerRequest: 1, enableOfflineQueue: false };

const ROLE_OPTIONS = {
  commands: { ...FAILS_FAST, commandTimeout: COMMAND_TIMEOUT_MS, enableAutoPipelining: true },
  subscriber: {
    // The library would leave a renewal that fails to nobody, which ends the process.
    autoResubscribe: false,
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

/** For one server. User, password and TLS of a single address are in its URL. */
export function nodeOptions(name: string, role: RedisRole, address: RedisAddress | null) {
  return {
    lazyConnect: true,
    connectionName: `holdfast-${name}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryDelayMs,
    reconnectOnError: isReplicaNow,
    ...ROLE_OPTIONS[role],
    ...(address === null || address.kind === 'single' ? {} : accessOptions(address)),
  } satisfies RedisOptions;
}

export function sentinelOptions(
  name: string,
  role: RedisRole,
  address: RedisAddress & { readonly kind: 'sentinel' },
) {
  return {
    ...nodeOptions(name, role, address),
    sentinels: [...address.sentinels],
    name: address.primaryName,
    db: address.database,
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    sentinelRetryStrategy: retryDelayMs,
    ...(address.isEncrypted ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  } satisfies RedisOptions;
}

/** For a connection to a sentinel that only listens; it is asked without user and password. */
export function watchingOptions(
  name: string,
  address: RedisAddress & { readonly kind: 'sentinel' },
) {
  const { username, password, ...access } = accessOptions(address);
  return {
    ...nodeOptions(name, 'subscriber', null),
    ...access,
    enableReadyCheck: false,
  } satisfies RedisOptions;
}

export function clusterOptions(
  name: string,
  role: RedisRole,
  address: RedisAddress & { readonly kind: 'cluster' },
) {
  const { enableOfflineQueue, lazyConnect, retryStrategy, ...ofNodes } = nodeOptions(
    name,
    role,
    address,
  );
  return {
    lazyConnect,
    enableOfflineQueue,
    enableAutoPipelining: false,
    clusterRetryStrategy: retryStrategy,
    clusterNodeRetryStrategy: retryStrategy,
    // Both would send again what may have run, or hold back what should be refused.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshInterval: SLOTS_LOOK_PERIOD_MS,
    slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
    redisOptions: { ...ofNodes, enableAutoPipelining: false, reconnectOnError: null },
  } satisfies ClusterOptions;
}

function accessOptions({
  username,
  password,
  isEncrypted,
}: Exclude<RedisAddress, { readonly kind: 'single' }>) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isEncrypted ? { tls: {} } : {}),
  } satisfies RedisOptions;
}

function isReplicaNow(error: Error): boolean {
  return error.message.startsWith('READONLY');
}

function retryDelayMs(attempt: number): number {
  const ceilingMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 10));
  // Half fixed, half random, so that processes do not come back in step.
  return ceilingMs / 2 + (Math.random() * ceilingMs) / 2;
}
