import type { HoldId, Position } from '../model/door.ts';

/**
 * What one test client was told, in the order it heard it. Times are the `nowMs` of the answers,
 * which is the clock that judges deadlines (I6); the client's own clock appears nowhere. A client
 * writes down only what reached it: an answer that was lost is an `unsettled` entry, from which on
 * nothing is claimed about the hold.
 */
export type Journal = {
  readonly client: string;
  readonly entries: readonly JournalEntry[];
};

export type JournalEntry = ToldHeld | ToldEnded | Unsettled;

/** The hold as an answer showed it: a 201, an amend, an extend or a replay of one of them. */
export type ToldHeld = {
  readonly kind: 'held';
  readonly hold: HoldId;
  /** The whole basket after this answer. */
  readonly seats: readonly number[];
  readonly deadlineMs: number;
  readonly atMs: number;
  readonly position: Position;
};

/** The hold's end, from an answer or a private notice. `booked` keeps the seats for good. */
export type ToldEnded = {
  readonly kind: 'ended';
  readonly hold: HoldId;
  readonly how: 'booked' | 'released' | 'expired' | 'revoked' | 'rejected' | 'cancelled' | 'lost';
  readonly atMs: number;
};

/** The client asked to change or end the hold and never learned the answer. */
export type Unsettled = {
  readonly kind: 'unsettled';
  readonly hold: HoldId;
  /** The last time it had been told before it asked. */
  readonly atMs: number;
};
