import type { Cluster, Redis } from 'ioredis';

/**
 * What everything here works on: a client of one server (which may be the primary that Sentinel
 * names), or of a cluster. All keys of an event lie in one slot, so both are used alike.
 */
export type RedisConnection = Redis | Cluster;

export function isCluster(redis: RedisConnection): redis is Cluster {
  return redis.isCluster;
}
