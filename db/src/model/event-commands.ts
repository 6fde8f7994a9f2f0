import type { EventDocument, SaleState } from './chart.ts';
import type { FeedEntry } from './feed-record.ts';
import type { HoldId, OwnerId } from './ids.ts';
import type { Policy } from './policy.ts';
import type { Position } from './position.ts';
import type {
  Blocker,
  EndedHold,
  HeldSeat,
  Holder,
  Loading,
  Refused,
  Stamp,
  TrueHolder,
  Written,
} from './reply.ts';
import type { SeatMap } from './seat-state.ts';
import type { Trail } from './trail.ts';

/** What may happen to an event's seats, sale and life, and what can be read of it. */

export type BlockCommand = {
  /** Ascending, at most `BLOCK_SEATS_MAX`. */
  readonly seats: readonly number[];
  /** The chart by which the caller counted the seats. */
  readonly chartHash: string;
  /** Ends the (not confirming) holds that have one of these seats. */
  readonly revokeHolds: boolean;
  readonly trail: Trail;
};

export type BlockReply = Written &
  (
    | {
        readonly outcome: 'blocked';
        /** Now blocked by this call. Seats blocked before are in neither list. */
        readonly changed: readonly number[];
        /** Held or booked seats that stayed as they were. */
        readonly refused: readonly Blocker[];
        readonly ended: readonly EndedHold[];
      }
    | Refused<'seats.invalid' | 'seats.too-many' | 'chart.changed'>
    | Loading
  );

export const BLOCK_SEATS_MAX = 2_000;

export type UnblockCommand = {
  readonly seats: readonly number[];
  /** The chart by which the caller counted the seats. */
  readonly chartHash: string;
  readonly trail: Trail;
};

export type UnblockReply = Written &
  (
    | { readonly outcome: 'unblocked'; readonly changed: readonly number[] }
    | Refused<'seats.invalid' | 'seats.too-many' | 'chart.changed'>
    | Loading
  );

export type RepairCommand = {
  readonly seat: number;
  readonly seen: Holder;
  readonly next: '' | 'x' | `b:${string}`;
  readonly trail: Trail;
};

export type RepairReply = Written &
  (
    | { readonly outcome: 'repaired'; readonly ended: readonly EndedHold[] }
    | { readonly outcome: 'repair.stale'; readonly holder: Holder }
    | Refused<'hold.confirming' | 'seats.invalid'>
    | Loading
  );

export type SaleCommand = {
  readonly next: SaleState;
  /** Version of the event document that says so; a lower one than the last is a replay. */
  readonly version: number;
};

export type SaleReply = Stamp &
  (
    | { readonly outcome: 'changed' | 'replayed'; readonly sale: SaleState }
    | { readonly outcome: 'sale.illegal'; readonly sale: SaleState }
    | Loading
  );

export type LoadBeginCommand = {
  /** Random; names this loading in the calls that follow. */
  readonly token: string;
  readonly chartHash: string;
  readonly seatCount: number;
  readonly sale: SaleState;
  readonly policy: Policy;
  readonly version: number;
};

export type LoadPartCommand = {
  readonly token: string;
  /** At most `LOAD_PART_MAX` seats that are not available. */
  readonly seats: readonly TrueHolder[];
};

export type LoadEndCommand = { readonly token: string };

/** `event.open`: it is loaded already. `load.taken`: another token loads, or took over. */
export type LoadReply = Stamp &
  Refused<
    'begun' | 'stored' | 'opened' | 'event.open' | 'load.taken' | 'seats.invalid' | 'policy.invalid'
  >;

export type LoadCloseCommand = {
  /** The chart that the catalogue names now. */
  readonly chartHash: string;
};
/** `replayed`: the state has this chart already. `sale.illegal`: a sale pins the chart. */
export type LoadCloseReply = Stamp & (Refused<'closed' | 'replayed' | 'sale.illegal'> | Loading);

export const LOAD_PART_MAX = 2_000;

/** A loading whose last part is older than this may be taken over. */
export const LOAD_STALE_MS = 30_000;

export type NewEpochCommand = { readonly seenEpoch: string };

export type NewEpochReply = Stamp & (Refused<'renewed' | 'epoch.stale'> | Loading);

export type RebaseCommand = { readonly seenShiftMs: number; readonly jumpMs: number };

export type RebaseReply = Stamp & (Refused<'rebased' | 'rebase.stale'> | Loading);

export type ReadHoldQuery = { readonly holdId: HoldId } | { readonly owner: OwnerId };

export type ReadHoldReply = Stamp &
  (({ readonly outcome: 'found' } & HeldSeat) | Refused<'hold.unknown'> | Loading);

export type ProbeQuery = { readonly owner: OwnerId; readonly idemField: string };
/**
 * `clear`: nothing of this owner or key stands before the seats themselves, and no hold is overdue.
 * `known`: the key was used; `basket`: the owner has a live hold; `overdue`: seats may come free.
 */
export type ProbeReply = Stamp & (Refused<'clear' | 'known' | 'basket' | 'overdue'> | Loading);

export type SnapshotReply = Stamp &
  (
    | {
        readonly outcome: 'taken';
        readonly map: SeatMap;
        readonly chartHash: string;
        readonly sale: SaleState;
      }
    | Loading
  );

export type CatchUpQuery = Position & { readonly limit: number };

export type CatchUpReply = Stamp &
  /** The records after the asked position, oldest first; empty when nothing happened. */
  (
    | { readonly outcome: 'entries'; readonly entries: readonly FeedEntry[] }
    /** `trimmed`: too far back. `rewritten`: my record has another chain, or Redis is behind me. */
    | Refused<'trimmed' | 'rewritten' | 'other-epoch'>
    | Loading
  );

export type EventHead = {
  readonly position: Position;
  readonly chartHash: string;
  readonly seatCount: number;
  readonly sale: SaleState;
  readonly policy: Policy;
  readonly version: number;
  readonly shiftMs: number;
};

/** `dueAtMs` is null when nothing waits. Both instants are on the event's shifted clock. */
export type DueHead = {
  readonly nowMs: number;
  readonly dueAtMs: number | null;
  /** How the clock is set: see `clock-views.ts`. */
  readonly clock: string;
};

export type TrimEndedCommand = { readonly olderThanMs: number; readonly limit: number };

export type TrimEndedReply = Stamp &
  ({ readonly outcome: 'trimmed'; readonly count: number } | Loading);

export type TrimBudgetCommand = {
  /** '0' begins; then what the reply before said. */
  readonly cursor: string;
  /** How many budgets one call looks at, about. */
  readonly limit: number;
};

/** `cursor`: where to go on; '0' when all were looked at. */
export type TrimBudgetReply = Stamp &
  ({ readonly outcome: 'trimmed'; readonly count: number; readonly cursor: string } | Loading);

export type TrimFeedCommand = { readonly epoch: string; readonly beforeOffset: number };

/** `epoch.stale`: the event has begun another life, whose feed this was not meant for. */
export type TrimFeedReply = Stamp &
  ({ readonly outcome: 'trimmed'; readonly count: number } | Refused<'epoch.stale'> | Loading);

/** What `load` needs of an event document. */
export type LoadSource = Pick<
  EventDocument,
  'chartHash' | 'seatCount' | 'sale' | 'policy' | 'version'
>;
