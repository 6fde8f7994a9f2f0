import { createSeatLock } from '@holdfast/db/redis';
import { realAmbient } from '@holdfast/infra/runtime';
import type { Redis } from 'ioredis';
import type { SeatLock } from '../src/use-cases/hold-parts.ts';

/** What a lock server says to every request: yes, even to two at once, or no, even to the first. */
export type Vote = 'always grants' | 'never grants';

/** The real lock over one server that gives the same vote for ever. */
export function votingLock(vote: Vote, onMissed: (reason: string) => void = () => {}): SeatLock {
  const server = {
    // A script of the lock answers with the number of keys that it could take.
    evalsha: async (_hash: string, keyCount: number) => (vote === 'always grants' ? keyCount : 0),
  };
  // The lock runs scripts and nothing else, so this much of a client is enough.
  const clients = [server as unknown as Redis];
  return createSeatLock({ clients, ambient: realAmbient(), onMissed });
}
