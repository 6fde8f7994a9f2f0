/** The door of the runtime: what every service is started with. */
export { type AdminServer, startAdminServer } from './admin-server.ts';
export { wantsHelp } from './config/command-line.ts';
export {
  processSource,
  readSettings,
  type Settings,
  type SettingsSource,
} from './config/read-settings.ts';
export { SettingError } from './config/setting-error.ts';
export { settingsHelp } from './config/settings-help.ts';
export { RedisEvictsError, readEvictedKeys, requireNoEviction } from './eviction.ts';
export { createLimitedServer, type HttpLimits, namesOneHost } from './http/limited-server.ts';
export { keepSubscribed } from './keep-subscribed.ts';
export { type MainContext, runMain } from './lifecycle/run-main.ts';
export type { ReadyMessage, Service } from './lifecycle/service.ts';
export { type Limited, withinLimit } from './lifecycle/time-limit.ts';
export { createLogger, type Logger, type LogLevel } from './logger.ts';
export { Counter, createRegistry, Gauge, Histogram, Registry } from './metrics.ts';
export { networkOf } from './network-of.ts';
export { realAmbient } from './real-ambient.ts';
export { parseRedisAddress, withoutPassword } from './redis-address.ts';
export { openRedis, RedisUnreachableError } from './redis-client.ts';
export type { RedisRole } from './redis-options.ts';
export { isCluster, primariesOf } from './redis-primaries.ts';
export { oneSubscriber, openSubscribers, type RedisSubscribers } from './redis-subscribers.ts';
export { createNetworkHash, type NetworkHash, UNCOUNTED_NETWORKS } from './tokens/network-hash.ts';
export { ensureSigningKeys, rotateSigningKeys, SigningKeysError } from './tokens/signing-keys.ts';
export type { TokenRole } from './tokens/token-claims.ts';
export { createTokenIssuer, type TokenIssuer } from './tokens/token-issuer.ts';
export {
  createTokenVerifier,
  type TokenVerifier,
  type VerifiedToken,
} from './tokens/token-verifier.ts';
