import type { RedisConnection } from '@holdfast/db/redis';
import { Cluster, type Redis } from 'ioredis';

export function isCluster(redis: RedisConnection): redis is Cluster {
  return redis instanceof Cluster;
}

/** A connection to each server that takes writes, as far as they are known now. */
export function primariesOf(redis: RedisConnection): readonly Redis[] {
  return isCluster(redis) ? redis.nodes('master') : [redis];
}
