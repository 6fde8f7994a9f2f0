import type { RedisConnection } from '@holdfast/db/redis';

const PIPELINE_KEYS = 5_000;
const TTL_FROM_MS = 600_000;
const TTL_SPREAD_MS = 3_000_000;

/** Writes keys that have nothing to do with holds and a TTL far away, as any shared Redis has. */
export async function writeOtherKeys(redis: RedisConnection, count: number): Promise<void> {
  for (let from = 0; from < count; from += PIPELINE_KEYS) {
    const pipeline = redis.pipeline();
    for (let key = from; key < Math.min(from + PIPELINE_KEYS, count); key += 1) {
      pipeline.set(`other:${key}`, '1', 'PX', TTL_FROM_MS + ((key * 7_919) % TTL_SPREAD_MS));
    }
    await pipeline.exec();
  }
}
