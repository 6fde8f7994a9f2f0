import { type Ambient, sleep } from '@holdfast/db/model';
import type { SeatLock } from '@holdfast/db/redis';
import type { Logger } from '@holdfast/infra/runtime';
import { runWiredApi } from '../first-light/run-wired-api.ts';
import { BLOCK_MS, BLOCK_SEATS, BLOCKING, PAUSE_POINT, PAUSE_SEATS } from './trouble-words.ts';

/** Long enough for a test to see the word and stop this process, shorter than the lock lives. */
const POINT_MS = 500;

/**
 * The real lock, but between lock and write a process that holds certain seats says so and waits to
 * be stopped, and for certain others does nothing but count, as a huge regular expression would.
 */
function troubled(lock: SeatLock, { timers, clock }: Ambient, logger: Logger): SeatLock {
  const trouble = async (seats: string): Promise<void> => {
    if (seats === `${PAUSE_SEATS}`) {
      logger.info(PAUSE_POINT);
      await sleep(timers, POINT_MS);
    }
    if (seats === `${BLOCK_SEATS}`) {
      logger.info(BLOCKING);
      await sleep(timers, POINT_MS);
      const endMs = clock.monotonicMs() + BLOCK_MS;
      while (clock.monotonicMs() < endMs);
    }
  };
  return {
    ...lock,
    withSeats: (event, seats, task) =>
      lock.withSeats(event, seats, async () => {
        await trouble(`${seats}`);
        return task();
      }),
  };
}

/** A booking API that is the real one in all but its lock. */
runWiredApi({ lock: troubled });
