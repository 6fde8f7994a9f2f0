import type { SaleState } from './chart.ts';
import type { HoldId, OwnerId } from './ids.ts';
import type { Quote } from './quote.ts';
import type {
  Blocker,
  EndedHold,
  HeldSeat,
  Loading,
  Refused,
  Stamp,
  TrueHolder,
  Written,
} from './reply.ts';
import type { Trail } from './trail.ts';

/** What may happen to a hold, from its placing to its one end, and the answers. */

type SeatRefusal =
  | { readonly outcome: 'seats.unavailable'; readonly blockers: readonly Blocker[] }
  /** Every blocker is overdue: end exactly these with `expireDue`, then try once more. */
  | { readonly outcome: 'seats.overdue'; readonly overdue: readonly HoldId[] }
  | Refused<'seats.invalid' | 'seats.too-many' | 'chart.changed'>
  | { readonly outcome: 'sale.closed'; readonly sale: SaleState };

/** A `nowMs` seen earlier for an event and the caller's monotonic time since. */
export type SeenClock = { readonly nowMs: number; readonly elapsedMs: number };

/**
 * The event's clock and the caller's moved apart by `jumpMs`: nothing changed. A worker answers it
 * with `rebase`; everybody else asks again once that is done.
 */
export type ClockJumped = {
  readonly outcome: 'clock.jumped';
  readonly jumpMs: number;
  readonly shiftMs: number;
  /** How the clock is set now: see `clock-views.ts`. */
  readonly clock: string;
};

/**
 * A deadline that is told by a jumped clock moves when the jump is settled (I6). So who has watched
 * the event's clock says what it saw; null or nothing where nobody has, and then no jump is noticed.
 */
type Watched = { readonly seen?: SeenClock | null };

export type PlaceCommand = Watched & {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  /** Ascending, without doubles. */
  readonly seats: readonly number[];
  readonly quote: Quote;
  readonly chartHash: string;
  /** sha256(owner, route, Idempotency-Key) in hex, or '' without a key. */
  readonly idemField: string;
  readonly bodyHash: string;
  /** Names the caller's network without telling it; '' where it shall not be counted. */
  readonly addressHash: string;
  readonly trail: Trail;
};

/** What budgets allow now: see `machine/budget.ts`. */
export type BudgetLeft = {
  /** Seats that a hold may have now; 0 = none is granted. */
  readonly mostSeats: number;
  /** When the seats that were asked for would be granted, if nothing else is held meanwhile. */
  readonly retryAfterMs: number;
  readonly whose: 'owner' | 'address';
};

type BudgetSpent = { readonly outcome: 'budget.spent'; readonly budget: BudgetLeft };

export type PlaceReply = Written &
  (
    | ({ readonly outcome: 'placed' | 'replayed' } & HeldSeat)
    | ({ readonly outcome: 'hold.exists' } & HeldSeat)
    | SeatRefusal
    | BudgetSpent
    | ClockJumped
    | Refused<'idempotency.mismatch' | 'hold.unknown'>
    | Loading
  );

/** The present hold travels with refusals, so that a caller can show it without asking again. */
type RevRefusal =
  | ({
      readonly outcome:
        | 'hold.changed'
        | 'hold.overdue'
        | 'hold.confirming'
        | 'hold.booked'
        | 'hold.ended';
    } & HeldSeat)
  | Refused<'hold.unknown'>
  | Loading;

export type AmendCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly rev: number;
  /** The whole basket after the amendment, ascending; empty = release. */
  readonly seats: readonly number[];
  readonly quote: Quote;
  readonly chartHash: string;
  readonly opId: string;
  readonly bodyHash: string;
  readonly trail: Trail;
};

export type AmendReply = Written &
  (
    | ({ readonly outcome: 'amended' | 'released' | 'replayed' } & HeldSeat)
    | SeatRefusal
    | (BudgetSpent & HeldSeat)
    | Refused<'idempotency.mismatch'>
    | RevRefusal
  );

export type ExtendCommand = Watched & {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly rev: number;
  readonly opId: string;
  readonly bodyHash: string;
};

export type ExtendReply = Stamp &
  (
    | ({ readonly outcome: 'extended' | 'replayed' | 'extend.limit' } & HeldSeat)
    | { readonly outcome: 'sale.closed'; readonly sale: SaleState }
    | (BudgetSpent & HeldSeat)
    | ClockJumped
    | Refused<'idempotency.mismatch'>
    | RevRefusal
  );

export type ReleaseCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  /** Released only at this rev; null releases whatever it has become. */
  readonly rev: number | null;
  readonly trail: Trail;
};

export type ReleaseReply = Written &
  (
    | ({
        readonly outcome:
          | 'released'
          | 'replayed'
          | 'hold.changed'
          | 'hold.confirming'
          | 'hold.booked';
      } & HeldSeat)
    | Refused<'hold.unknown'>
    | Loading
  );

export type ExpireDueCommand = {
  /** Null at first. */
  readonly seen: SeenClock | null;
  /** Only these holds (no looks are handed out), or null for all that is due. */
  readonly only: readonly HoldId[] | null;
  readonly trail: Trail;
};

export type ExpireDueReply = Written &
  (
    | {
        readonly outcome: 'swept';
        readonly ended: readonly EndedHold[];
        /** Confirming holds that are due for a look, re-scored for the next one. */
        readonly looks: readonly HeldSeat[];
        /** More was due than one call ends. */
        readonly more: boolean;
      }
    | ClockJumped
    | Loading
  );

/** Holds that one `expireDue` call ends at most. */
export const EXPIRE_BATCH_MAX = 100;

/** Clocks further apart than this have jumped. */
export const CLOCK_JUMP_MS = 2_000;

export type BeginConfirmCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly rev: number;
};

export type BeginConfirmReply = Stamp &
  (({ readonly outcome: 'confirming' | 'replayed' } & HeldSeat) | RevRefusal);

export type CommitCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly seats: readonly number[];
  readonly quote: Quote;
  readonly trail: Trail;
};

export type CommitReply = Written &
  (
    | ({
        readonly outcome: 'booked' | 'repaired' | 'replayed';
        /** Holds that lost a seat to this booking and ended because none was left. */
        readonly ended: readonly EndedHold[];
        /** Seats that another booking has: left to the reconciler. */
        readonly conflicts: readonly number[];
      } & HeldSeat)
    | Loading
  );

export type RejectCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly contested: readonly TrueHolder[];
  readonly trail: Trail;
};

export type RejectReply = Written &
  (
    | ({ readonly outcome: 'rejected' | 'recorded' | 'replayed' } & HeldSeat)
    /** Redis says booked: an alarm, nothing changed. */
    | ({ readonly outcome: 'hold.booked' } & HeldSeat)
    | Loading
  );

export type CancelCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  readonly seats: readonly number[];
  readonly trail: Trail;
};

export type CancelReply = Written &
  (({ readonly outcome: 'cancelled' | 'recorded' | 'replayed' } & HeldSeat) | Loading);

export type RevokeCommand = { readonly holdId: HoldId; readonly trail: Trail };

export type RevokeReply = Written &
  (
    | ({ readonly outcome: 'revoked' | 'replayed' | 'hold.confirming' | 'hold.booked' } & HeldSeat)
    | Refused<'hold.unknown'>
    | Loading
  );
