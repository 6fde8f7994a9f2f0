import {
  host,
  oddRedisUrls,
  oneOf,
  onOff,
  optional,
  origins,
  path,
  redisUrl,
  type SettingKind,
  text,
  wholeNumber,
} from './setting-kinds.ts';

/** Every program that reads settings; each sees only its own rows. */
export type Program = 'api' | 'hub' | 'worker' | 'gateway' | 'launcher' | 'token';

/** One row of the table: everything the reader, the help text and an error sentence need. */
export type Setting<T, Readers extends readonly Program[]> = {
  /** Null where only the command line makes sense. */
  readonly env: string | null;
  readonly flag: `--${string}`;
  readonly kind: SettingKind<T>;
  /** Text, read like a given value; '' with an `optional` kind means none. */
  readonly fallback: string;
  /** Shown in the help: what one step of the number, or the text, is. */
  readonly unit: string;
  readonly help: string;
  readonly readers: Readers;
  /** Its value may hold a password and is never printed. */
  readonly secret?: true;
};

function row<T, const Readers extends readonly Program[]>(
  setting: Setting<T, Readers>,
): Setting<T, Readers> {
  return setting;
}

const PORT_MAX = 65_535;
const PROCESSES_MAX = 16;
export const CROWD_MAX = 500;
const MINUTE_MS = 60_000;
const YEAR_SECONDS = 365 * 24 * 3_600;

/**
 * The one configuration table. A value comes from the command line, else from the environment,
 * else from `fallback`. Add a setting by adding a row: types, help and errors follow.
 */
export const SETTINGS = {
  gatewayPort: row({
    env: 'PORT',
    flag: '--port',
    kind: wholeNumber(0, PORT_MAX),
    fallback: '8080',
    unit: 'port',
    help: 'where the page is served; 0 takes a free one',
    readers: ['launcher', 'gateway'],
  }),
  apis: row({
    env: 'HOLDFAST_APIS',
    flag: '--apis',
    kind: wholeNumber(1, PROCESSES_MAX),
    fallback: '1',
    unit: 'processes',
    help: 'how many booking APIs to run',
    readers: ['launcher'],
  }),
  hubs: row({
    env: 'HOLDFAST_HUBS',
    flag: '--hubs',
    kind: wholeNumber(1, PROCESSES_MAX),
    fallback: '1',
    unit: 'processes',
    help: 'how many realtime hubs to run',
    readers: ['launcher'],
  }),
  workers: row({
    env: 'HOLDFAST_WORKERS',
    flag: '--workers',
    kind: wholeNumber(1, PROCESSES_MAX),
    fallback: '1',
    unit: 'processes',
    help: 'how many expiry workers to run',
    readers: ['launcher'],
  }),
  dataFolder: row({
    env: 'HOLDFAST_DATA',
    flag: '--data',
    kind: path(),
    fallback: '.holdfast',
    unit: 'folder',
    help: 'where Redis, the catalogue, keys and logs are kept',
    readers: ['launcher', 'token'],
  }),
  fresh: row({
    env: 'HOLDFAST_FRESH',
    flag: '--fresh',
    kind: onOff(),
    fallback: 'false',
    unit: 'switch',
    help: 'forget all holds and events of the data folder first',
    readers: ['launcher'],
  }),
  crowd: row({
    env: 'HOLDFAST_CROWD',
    flag: '--crowd',
    kind: wholeNumber(0, CROWD_MAX),
    fallback: '0',
    unit: 'shoppers',
    help: 'simulated shoppers on this machine that make the map live',
    readers: ['launcher'],
  }),
  broughtRedisUrl: row({
    env: 'REDIS_URL',
    flag: '--redis-url',
    kind: optional(redisUrl()),
    fallback: '',
    unit: 'address',
    help: 'use this Redis server, cluster or Sentinel instead of starting one',
    readers: ['launcher'],
    secret: true,
  }),
  redisLayout: row({
    env: 'HOLDFAST_REDIS',
    flag: '--redis',
    kind: oneOf(['single', 'cluster']),
    fallback: 'single',
    unit: 'layout',
    help: 'start one Redis server, or a cluster of three primaries and three replicas (if REDIS_URL names none)',
    readers: ['launcher'],
  }),
  redisServer: row({
    env: 'REDIS_SERVER',
    flag: '--redis-server',
    kind: optional(path()),
    fallback: '',
    unit: 'program',
    help: 'the redis-server or valkey-server program to start',
    readers: ['launcher'],
  }),
  redisUrl: row({
    env: 'REDIS_URL',
    flag: '--redis-url',
    kind: redisUrl(),
    fallback: 'redis://127.0.0.1:6379',
    unit: 'address',
    help: 'the Redis server, cluster or Sentinel that keeps holds and feeds',
    readers: ['api', 'hub', 'worker'],
    secret: true,
  }),
  lockRedisUrls: row({
    env: 'LOCK_REDIS_URLS',
    flag: '--lock-redis-urls',
    kind: oddRedisUrls(),
    fallback: '',
    unit: 'addresses',
    help: 'independent Redis servers for seat locks; none means the one of REDIS_URL',
    readers: ['api', 'worker', 'launcher'],
    secret: true,
  }),
  catalogueFile: row({
    env: 'CATALOGUE_FILE',
    flag: '--catalogue-file',
    kind: path(),
    fallback: '.holdfast/catalogue.sqlite',
    unit: 'file',
    help: 'events, charts and operator blocks',
    readers: ['api', 'hub', 'worker'],
  }),
  signingKeysFile: row({
    env: 'SIGNING_KEYS_FILE',
    flag: '--signing-keys-file',
    kind: path(),
    fallback: '.holdfast/signing-keys.json',
    unit: 'file',
    help: 'the keys that sign and prove tokens',
    readers: ['api', 'hub'],
  }),
  host: row({
    env: 'HOST',
    flag: '--host',
    kind: host(),
    fallback: '127.0.0.1',
    unit: 'address',
    help: 'the address to listen on',
    readers: ['api', 'hub', 'worker', 'gateway'],
  }),
  port: row({
    env: 'PORT',
    flag: '--port',
    kind: wholeNumber(0, PORT_MAX),
    fallback: '0',
    unit: 'port',
    help: 'the port to listen on; 0 takes a free one',
    readers: ['api', 'hub'],
  }),
  adminPort: row({
    env: 'ADMIN_PORT',
    flag: '--admin-port',
    kind: wholeNumber(0, PORT_MAX),
    fallback: '0',
    unit: 'port',
    help: 'the port of /healthz, /readyz and /metrics; 0 takes a free one',
    readers: ['api', 'hub', 'worker', 'gateway'],
  }),
  allowedOrigins: row({
    env: 'ALLOWED_ORIGINS',
    flag: '--allowed-origins',
    kind: origins(),
    fallback: '',
    unit: 'origins',
    help: 'web pages of other origins that may open sockets and call the API',
    readers: ['api', 'hub', 'launcher'],
  }),
  trustedProxyHops: row({
    env: 'TRUSTED_PROXY_HOPS',
    flag: '--trusted-proxy-hops',
    kind: wholeNumber(0, 5),
    fallback: '0',
    unit: 'hops',
    help: 'proxies in front whose X-Forwarded-For is believed',
    readers: ['api', 'hub'],
  }),
  rateLimitPerSecond: row({
    env: 'RATE_LIMIT_PER_SECOND',
    flag: '--rate-limit-per-second',
    kind: wholeNumber(1, 1_000_000),
    fallback: '50',
    unit: 'requests/s',
    help: 'requests that one address may send',
    readers: ['api'],
  }),
  holdRateLimitPerSecond: row({
    env: 'HOLD_RATE_LIMIT_PER_SECOND',
    flag: '--hold-rate-limit-per-second',
    kind: wholeNumber(1, 1_000_000),
    fallback: '20',
    unit: 'requests/s',
    help: 'changes of holds that one shopper may send',
    readers: ['api'],
  }),
  connectionsMax: row({
    env: 'CONNECTIONS_MAX',
    flag: '--connections-max',
    kind: wholeNumber(1, 1_000_000),
    fallback: '10000',
    unit: 'connections',
    help: 'connections that one API may have open; more are dropped',
    readers: ['api'],
  }),
  connectionsPerAddressMax: row({
    env: 'CONNECTIONS_PER_ADDRESS_MAX',
    flag: '--connections-per-address-max',
    kind: wholeNumber(1, 1_000_000),
    fallback: '200',
    unit: 'connections',
    help: 'connections to one API that one address may have open, where no proxy is in front',
    readers: ['api'],
  }),
  budgetsByAddress: row({
    env: 'BUDGETS_BY_ADDRESS',
    flag: '--budgets-by-address',
    kind: onOff(),
    fallback: 'true',
    unit: 'switch',
    help: 'count seats that are held but not bought by address too; off where all callers share one',
    readers: ['api'],
  }),
  socketsPerAddressMax: row({
    env: 'SOCKETS_PER_ADDRESS_MAX',
    flag: '--sockets-per-address-max',
    kind: wholeNumber(1, 1_000_000),
    fallback: '100',
    unit: 'sockets',
    help: 'sockets that one address may have open',
    readers: ['hub'],
  }),
  socketsMax: row({
    env: 'SOCKETS_MAX',
    flag: '--sockets-max',
    kind: wholeNumber(1, 1_000_000),
    fallback: '50000',
    unit: 'sockets',
    help: 'sockets that one hub may have open; more are sent to another hub',
    readers: ['hub'],
  }),
  shopperTokenTtlSeconds: row({
    env: 'SHOPPER_TOKEN_TTL_SECONDS',
    flag: '--shopper-token-ttl-seconds',
    kind: wholeNumber(60, YEAR_SECONDS),
    fallback: `${12 * 3_600}`,
    unit: 's',
    help: 'how long an anonymous session lasts',
    readers: ['api'],
  }),
  drainLimitMs: row({
    env: 'DRAIN_LIMIT_MS',
    flag: '--drain-limit-ms',
    kind: wholeNumber(0, 10 * MINUTE_MS),
    fallback: '5000',
    unit: 'ms',
    help: 'time to finish work in hand before stopping',
    readers: ['api', 'hub', 'worker', 'gateway'],
  }),
  logLevel: row({
    env: 'LOG_LEVEL',
    flag: '--log-level',
    kind: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    fallback: 'info',
    unit: 'level',
    help: 'the least level that is logged',
    readers: ['api', 'hub', 'worker', 'gateway', 'launcher'],
  }),
  pageFolder: row({
    env: 'PAGE_FOLDER',
    flag: '--page-folder',
    kind: path(),
    fallback: 'client-solid/dist',
    unit: 'folder',
    help: 'the built page',
    readers: ['gateway'],
  }),
  tokenRole: row({
    env: null,
    flag: '--role',
    kind: oneOf(['shopper', 'operator']),
    fallback: 'operator',
    unit: 'role',
    help: 'what the token allows',
    readers: ['token'],
  }),
  tokenSubject: row({
    env: null,
    flag: '--subject',
    kind: optional(text(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, _ or -')),
    fallback: '',
    unit: 'owner id',
    help: 'whom the token names; none means a random one',
    readers: ['token'],
  }),
  tokenTtlSeconds: row({
    env: null,
    flag: '--ttl',
    kind: wholeNumber(1, YEAR_SECONDS),
    fallback: '3600',
    unit: 's',
    help: 'how long the token lasts',
    readers: ['token'],
  }),
  rotateKeys: row({
    env: null,
    flag: '--rotate',
    kind: onOff(),
    fallback: 'false',
    unit: 'switch',
    help: 'print no token but let a new key sign from now on; done twice, it ends all older tokens',
    readers: ['token'],
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
