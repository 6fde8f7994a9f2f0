import type { Ambient } from '@holdfast/db/model';
import { Gauge, type Logger, type Registry } from '@holdfast/infra/runtime';

export const EVICTION_LOOK_PERIOD_MS = 60_000;

export type EvictionWatch = { start(): void; stop(): void };

/**
 * Reads once a minute how many keys the server has evicted, which must be 0: an evicted key is a
 * forgotten hold. The figure is a gauge; each look that finds it grown is one line in the log.
 * `read` must bound its own wait; while it fails the last figure stays.
 */
export function createEvictionWatch(parts: {
  /** Null when the server does not tell. */
  readonly read: () => Promise<number | null>;
  readonly ambient: Pick<Ambient, 'timers'>;
  readonly logger: Pick<Logger, 'error' | 'debug'>;
  readonly registry: Registry;
}): EvictionWatch {
  const gauge = new Gauge({
    name: 'holdfast_redis_evicted_keys',
    help: 'Keys that the Redis server evicted since it started; must be 0',
    registers: [parts.registry],
  });
  let known = 0;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const count = await parts.read();
    if (count === null) return;
    gauge.set(count);
    if (count > known) {
      parts.logger.error(
        { evictedKeys: count, before: known },
        'the Redis server evicted keys, so holds may be forgotten; run on it: CONFIG SET maxmemory-policy noeviction, and give it more memory',
      );
    }
    // A server that started anew counts from 0 again.
    known = count;
  };
  const lookUnlessLooking = (): void => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((err: unknown) => parts.logger.debug({ err }, 'evicted keys could not be read'))
      .finally(() => {
        isLooking = false;
      });
  };
  let cancel = (): void => undefined;
  return {
    start: () => {
      lookUnlessLooking();
      cancel = parts.ambient.timers.every(EVICTION_LOOK_PERIOD_MS, lookUnlessLooking);
    },
    stop: () => cancel(),
  };
}
