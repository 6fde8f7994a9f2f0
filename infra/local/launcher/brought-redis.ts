import type { RedisConnection } from '@holdfast/db/redis';
import { RedisEvictsError, requireNoEviction } from '../../runtime/eviction.ts';
import { createLogger } from '../../runtime/logger.ts';
import { openRedis } from '../../runtime/redis-client.ts';
import { primariesOf } from '../../runtime/redis-primaries.ts';
import { LaunchError } from './launch-error.ts';

/** It should run already: long enough for a network, short enough for a person. */
const READY_LIMIT_MS = 4_000;

/**
 * Asks a server that the person brought whether it can keep holds. A server that may evict keys
 * would forget holds under pressure and is refused; one that does not tell is believed.
 * Throws `RedisUnreachableError` or `LaunchError`.
 */
export async function checkBroughtRedis(
  url: string,
  report: (line: string) => void,
): Promise<void> {
  const logger = createLogger('launcher', 'silent');
  const redis = await openRedis(url, {
    name: 'launcher',
    role: 'commands',
    logger,
    readyLimitMs: READY_LIMIT_MS,
  });
  try {
    await requireNoEviction(redis, logger);
    if (!(await announcesExpiry(redis))) {
      report(
        'The Redis server of REDIS_URL announces no expiry (notify-keyspace-events); timers alone end holds.',
      );
    }
  } catch (error) {
    if (!(error instanceof RedisEvictsError)) throw error;
    throw new LaunchError('launch.redis-evicts', error.message, { cause: error });
  } finally {
    redis.disconnect();
  }
}

/** Managed servers forbid CONFIG; what is not told is believed to be right. */
async function announcesExpiry(redis: RedisConnection): Promise<boolean> {
  for (const primary of primariesOf(redis)) {
    const question = primary.config('GET', 'notify-keyspace-events');
    const answer: unknown = await question.catch(() => null);
    const flags = Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : null;
    if (flags !== null && !(/E/.test(flags) && /[xA]/.test(flags))) return false;
  }
  return true;
}

/** A restart of the server is bridged by the services; this much longer is an outage. */
const SILENCE_LIMIT_MS = 30_000;
const LOOK_PERIOD_MS = 2_000;

/**
 * Looks after a brought server while the stack runs. `onSilence` gets one sentence when it has not
 * answered for 30 s. The answer ends the watch.
 */
export async function watchBroughtRedis(
  url: string,
  onSilence: (sentence: string) => void,
): Promise<() => void> {
  const logger = createLogger('launcher', 'silent');
  const redis = await openRedis(url, { name: 'launcher', role: 'commands', logger });
  let answeredAtMs = performance.now();
  const timer = setInterval(() => {
    redis.ping().then(
      () => {
        answeredAtMs = performance.now();
      },
      () => {
        if (performance.now() - answeredAtMs < SILENCE_LIMIT_MS) return;
        clearInterval(timer);
        onSilence(
          `The Redis server of REDIS_URL has not answered for ${SILENCE_LIMIT_MS / 1_000} s.`,
        );
      },
    );
  }, LOOK_PERIOD_MS);
  return () => {
    clearInterval(timer);
    redis.disconnect();
  };
}
