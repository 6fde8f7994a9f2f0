import type { DataFolder } from './data-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the services of a local stack are told: loopback, free ports, the folder's files, one
 * trusted proxy (the gateway), and limits wide enough that surges run from this machine, where all
 * callers have one address. A limit that the person set is kept.
 */
export function serviceEnvironment(
  base: Environment,
  stack: {
    readonly redisUrl: string;
    readonly folder: DataFolder;
    readonly origins: readonly string[];
    /** A test's own settings; they win over everything. */
    readonly overrides: Environment;
  },
): Record<string, string | undefined> {
  return {
    RATE_LIMIT_PER_SECOND: '5000',
    HOLD_RATE_LIMIT_PER_SECOND: '5000',
    SOCKETS_PER_ADDRESS_MAX: '20000',
    BUDGETS_BY_ADDRESS: 'false',
    DRAIN_LIMIT_MS: '3000',
    ...base,
    REDIS_URL: stack.redisUrl,
    CATALOGUE_FILE: stack.folder.catalogueFile,
    SIGNING_KEYS_FILE: stack.folder.signingKeysFile,
    ALLOWED_ORIGINS: stack.origins.join(','),
    TRUSTED_PROXY_HOPS: '1',
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    ...stack.overrides,
  };
}
