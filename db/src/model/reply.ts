import type { FeedEntry } from './feed-record.ts';
import type { HoldRecord } from './hold-record.ts';
import type { HoldId, OwnerId } from './ids.ts';
import type { Position } from './position.ts';
import type { SeatState } from './seat-state.ts';

/** What answers of the hold machine are made of; commands and their replies are beside this file. */

/** On every reply: the clock that judged and the position after it. */
export type Stamp = { readonly nowMs: number; readonly position: Position };

/** On every reply that may have changed seats: the feed records it wrote, for the emitter. */
export type Written = Stamp & { readonly entries: readonly FeedEntry[] };

export type HeldSeat = { readonly holdId: HoldId; readonly hold: HoldRecord };

/** A seat that stood in the way. `mine`: by a hold or booking of the same owner. */
export type Blocker = { readonly seat: number; readonly state: SeatState; readonly mine: boolean };

/** A hold that a transition ended, for its owner's notice; `expireDue` tells its deadline too. */
export type EndedHold = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly status: string;
  readonly deadlineMs?: number;
};

/** An event without open state (never loaded, or being loaded) answers this to everything. */
export type Loading = { readonly outcome: 'event.loading' };

export type Refused<Name extends string> = { readonly outcome: Name };

export type TrueHolder = { readonly seat: number; readonly holder: 'x' | `b:${string}` };

/** '' available, 'x' blocked, `h:<hold>`, `b:<booking>`: the value kept for a seat. */
export type Holder = '' | 'x' | `h:${string}` | `b:${string}`;
