import Redlock, { ExecutionError, type Lock, ResourceLockedError } from 'redlock';
import type { Ambient } from '../model/ambient.ts';
import type { EventId } from '../model/ids.ts';
import { loadLockKey, seatLockKey } from './keys.ts';
import type { RedisConnection } from './redis-connection.ts';

/**
 * Redlock behind one port. The lock is a hint: it thins contention on hot seats, and the Lua
 * transition decides whether or not it was granted. So a seat lock never waits long, never fails a
 * request and is released off the path; only loading waits for its lock.
 *
 * The library (redlock 5 beta) can hand out a lock whose time is already over after slow attempts,
 * and its release of such a lock retries for two seconds and then throws. Hence our own deadline,
 * our own look at the remaining validity, and a release without retries whose failure is only told.
 */
export type SeatLock = {
  /** Runs `task` under the lock of these seats where it is granted at once, else without it. */
  withSeats<T>(event: EventId, seats: readonly number[], task: () => Promise<T>): Promise<T>;
  /** Runs `task` under the event's load lock; null when it was not granted within the wait. */
  withLoad<T>(event: EventId, task: () => Promise<T>): Promise<T | null>;
};

/** Why a lock was missed: another holds it, or its servers did not answer in time. */
export type LockMiss = 'busy' | 'silent';

export type SeatLockDeps = {
  /** One connection for each independent lock server: an odd number of them. */
  readonly clients: readonly RedisConnection[];
  readonly ambient: Ambient;
  /** Counted as `lock_missed_total`. */
  readonly onMissed: (reason: LockMiss) => void;
};

const SEAT_LOCK_TTL_MS = 1_000;
const SEAT_LOCK_WAIT_MS = 20;
const SEAT_LOCK_RETRY = { retryCount: 1, retryDelay: 6, retryJitter: 4 };
const LOAD_LOCK_TTL_MS = 30_000;
const LOAD_LOCK_WAIT_MS = 5_000;
const LOAD_LOCK_RETRY = { retryCount: 20, retryDelay: 200, retryJitter: 50 };
/** A lock with less time left than this is as good as none. */
const VALIDITY_MARGIN_MS = 10;

/** Throws `RangeError` for an even number of lock servers: two halves could both grant. */
export function createSeatLock({ clients, ambient, onMissed }: SeatLockDeps): SeatLock {
  if (clients.length % 2 === 0) {
    throw new RangeError(
      `LOCK_REDIS_URLS names ${clients.length} servers: use an odd number, one is enough`,
    );
  }
  const redlock = new Redlock(clients, { retryCount: 0 });
  redlock.on('error', () => undefined); // every contended attempt is emitted here; misses are counted below

  const acquire = async (keys: string[], ttlMs: number, waitMs: number, retry: object) => {
    const attempt = redlock.acquire(keys, ttlMs, retry);
    const late = lateAfter(ambient, waitMs);
    const granted = await Promise.race([attempt.catch(missReason), late.passed]);
    late.cancel();
    if (typeof granted === 'string') {
      onMissed(granted);
      // An attempt that is still under way may yet be granted: give it back then.
      attempt.then(giveBack, () => undefined);
      return null;
    }
    if (granted.expiration - ambient.clock.wallMs() > VALIDITY_MARGIN_MS) return granted;
    onMissed('silent');
    giveBack(granted);
    return null;
  };
  const giveBack = (lock: Lock): void => {
    redlock.release(lock, { retryCount: 0 }).catch(() => undefined); // its time to live ends it too
  };

  return {
    withSeats: async (event, seats, task) => {
      const keys = seats.map((seat) => seatLockKey(event, seat));
      const lock = await acquire(keys, SEAT_LOCK_TTL_MS, SEAT_LOCK_WAIT_MS, SEAT_LOCK_RETRY);
      try {
        return await task();
      } finally {
        if (lock !== null) giveBack(lock);
      }
    },
    withLoad: async (event, task) => {
      const keys = [loadLockKey(event)];
      const lock = await acquire(keys, LOAD_LOCK_TTL_MS, LOAD_LOCK_WAIT_MS, LOAD_LOCK_RETRY);
      if (lock === null) return null;
      try {
        return await task();
      } finally {
        giveBack(lock);
      }
    },
  };
}

function lateAfter({ timers }: Ambient, waitMs: number) {
  let cancel = (): void => undefined;
  const passed = new Promise<LockMiss>((resolve) => {
    cancel = timers.after(waitMs, () => resolve('silent'));
  });
  return { passed, cancel };
}

/** Reads the votes of a failed attempt: all "locked" is contention, anything else an outage. */
async function missReason(error: unknown): Promise<LockMiss> {
  if (!(error instanceof ExecutionError)) return 'silent';
  const attempts = await Promise.all(error.attempts);
  const votes = attempts.flatMap((attempt) => [...attempt.votesAgainst.values()]);
  return votes.every((vote) => vote instanceof ResourceLockedError) ? 'busy' : 'silent';
}
