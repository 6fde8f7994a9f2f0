import { sleep } from '@holdfast/db/model';
import type { SeatLock } from '@holdfast/db/redis';
import type { Life } from './simulated-process.ts';
import type { World } from './world.ts';

/** A request waits for its lock at most so long, and goes on without it. */
const WAIT_MS = 20;
const LOAD_WAIT_MS = 5_000;

/** The lock is a hint, so here it keeps nobody out: it only takes its time, or is never granted. */
export function createSimulatedLock({ climate, delayMs }: World, life: Life): SeatLock {
  const { timers } = life.ambient;
  const waitMs = (limitMs: number): number => {
    if (climate.locks === 'granted') return Math.min(limitMs, 2 * delayMs());
    return climate.locks === 'slow' ? life.chance.between(0, limitMs) : 0;
  };
  const withSeats: SeatLock['withSeats'] = async (_event, _seats, task) => {
    const ms = waitMs(WAIT_MS);
    if (ms > 0) await sleep(timers, ms);
    return await task();
  };
  const withLoad: SeatLock['withLoad'] = async (_event, task) => {
    const ms = waitMs(LOAD_WAIT_MS);
    if (ms > 0) await sleep(timers, ms);
    return climate.locks === 'refused' ? null : await task();
  };
  return { withSeats, withLoad };
}
