import type { EventDocument, SaleState } from './chart.ts';
import type { FeedEntry } from './feed-record.ts';
import type { HoldRecord } from './hold-record.ts';
import type { EventId, HoldId, OwnerId } from './ids.ts';
import type { Policy } from './policy.ts';
import type { Position } from './position.ts';
import type { Quote } from './quote.ts';
import type { SeatMap, SeatState } from './seat-state.ts';
import type { Trail } from './trail.ts';

/**
 * The hold machine as its callers see it. Two implementations stand behind this port, Redis and
 * the reference model, and one contract suite judges both.
 *
 * A refusal is an outcome, never an exception: it changed nothing and its name says why. What
 * throws is infrastructure: `StoreUnavailableError` when the command certainly did not run,
 * `StoreUnsettledError` when it may have run; sending the same command again is then safe, because
 * every command is idempotent by the ids it carries.
 */
export interface HoldStore {
  place(event: EventId, command: PlaceCommand): Promise<PlaceReply>;
  amend(event: EventId, command: AmendCommand): Promise<AmendReply>;
  extend(event: EventId, command: ExtendCommand): Promise<ExtendReply>;
  release(event: EventId, command: ReleaseCommand): Promise<ReleaseReply>;
  expireDue(event: EventId, command: ExpireDueCommand): Promise<ExpireDueReply>;
  beginConfirm(event: EventId, command: BeginConfirmCommand): Promise<BeginConfirmReply>;
  commit(event: EventId, command: CommitCommand): Promise<CommitReply>;
  reject(event: EventId, command: RejectCommand): Promise<RejectReply>;
  cancel(event: EventId, command: CancelCommand): Promise<CancelReply>;
  revoke(event: EventId, command: RevokeCommand): Promise<RevokeReply>;
  block(event: EventId, command: BlockCommand): Promise<BlockReply>;
  unblock(event: EventId, command: UnblockCommand): Promise<UnblockReply>;
  repair(event: EventId, command: RepairCommand): Promise<RepairReply>;
  sale(event: EventId, command: SaleCommand): Promise<SaleReply>;
  loadBegin(event: EventId, command: LoadBeginCommand): Promise<LoadReply>;
  loadPart(event: EventId, command: LoadPartCommand): Promise<LoadReply>;
  loadEnd(event: EventId, command: LoadEndCommand): Promise<LoadReply>;
  newEpoch(event: EventId, command: NewEpochCommand): Promise<NewEpochReply>;
  rebase(event: EventId, command: RebaseCommand): Promise<RebaseReply>;
  /** One hold by its id, or an owner's basket. */
  readHold(event: EventId, query: ReadHoldQuery): Promise<ReadHoldReply>;
  snapshot(event: EventId): Promise<SnapshotReply>;
  catchUp(event: EventId, query: CatchUpQuery): Promise<CatchUpReply>;
  /** Head of each event in one round trip; null where an event has no open state. */
  heads(events: readonly EventId[]): Promise<(EventHead | null)[]>;
  /** Next due instant of each event in one round trip, with the clock it is judged by. */
  nextDue(events: readonly EventId[]): Promise<(DueHead | null)[]>;
  /** Drops records of holds that ended more than `olderThanMs` ago, at most `limit` of them. */
  trimEnded(event: EventId, command: TrimEndedCommand): Promise<TrimEndedReply>;
  /** Drops feed records below `beforeOffset`; the caller has archived them. */
  trimFeed(event: EventId, command: TrimFeedCommand): Promise<TrimFeedReply>;
}

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
type Refused<Name extends string> = { readonly outcome: Name };

type SeatRefusal =
  | { readonly outcome: 'seats.unavailable'; readonly blockers: readonly Blocker[] }
  /** Every blocker is overdue: end exactly these with `expireDue`, then try once more. */
  | { readonly outcome: 'seats.overdue'; readonly overdue: readonly HoldId[] }
  | Refused<'seats.invalid' | 'seats.too-many' | 'chart.changed'>
  | { readonly outcome: 'sale.closed'; readonly sale: SaleState };

export type PlaceCommand = {
  readonly holdId: HoldId;
  readonly owner: OwnerId;
  /** Ascending, without doubles. */
  readonly seats: readonly number[];
  readonly quote: Quote;
  readonly chartHash: string;
  /** sha256(owner, route, Idempotency-Key) in hex, or '' without a key. */
  readonly idemField: string;
  readonly bodyHash: string;
  readonly trail: Trail;
};
export type PlaceReply = Written &
  (
    | ({ readonly outcome: 'placed' | 'replayed' } & HeldSeat)
    | ({ readonly outcome: 'hold.exists' } & HeldSeat)
    | SeatRefusal
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
    | Refused<'idempotency.mismatch'>
    | RevRefusal
  );

export type ExtendCommand = {
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
  /** A `nowMs` seen earlier for this event and the caller's monotonic time since; null at first. */
  readonly seen: { readonly nowMs: number; readonly elapsedMs: number } | null;
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
    /** Redis' clock and the caller's moved apart by `jumpMs`; nothing ended. Answer: `rebase`. */
    | { readonly outcome: 'clock.jumped'; readonly jumpMs: number; readonly shiftMs: number }
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

export type TrueHolder = { readonly seat: number; readonly holder: 'x' | `b:${string}` };
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

export type BlockCommand = {
  /** Ascending, at most `BLOCK_SEATS_MAX`. */
  readonly seats: readonly number[];
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
    | Refused<'seats.invalid' | 'seats.too-many'>
    | Loading
  );
export const BLOCK_SEATS_MAX = 2_000;

export type UnblockCommand = { readonly seats: readonly number[]; readonly trail: Trail };
export type UnblockReply = Written &
  (
    | { readonly outcome: 'unblocked'; readonly changed: readonly number[] }
    | Refused<'seats.invalid' | 'seats.too-many'>
    | Loading
  );

/** '' available, 'x' blocked, `h:<hold>`, `b:<booking>`: the value kept for a seat. */
export type Holder = '' | 'x' | `h:${string}` | `b:${string}`;
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
  /** Version of the event document that says so. */
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
  Refused<'begun' | 'stored' | 'opened' | 'event.open' | 'load.taken' | 'seats.invalid'>;
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

/** `dueAtMs` is null when nothing waits. Both are on the event's shifted clock. */
export type DueHead = { readonly nowMs: number; readonly dueAtMs: number | null };

export type TrimEndedCommand = { readonly olderThanMs: number; readonly limit: number };
export type TrimEndedReply = Stamp &
  ({ readonly outcome: 'trimmed'; readonly count: number } | Loading);

export type TrimFeedCommand = { readonly epoch: string; readonly beforeOffset: number };
/** `epoch.stale`: the event has begun another life, whose feed this was not meant for. */
export type TrimFeedReply = Stamp &
  ({ readonly outcome: 'trimmed'; readonly count: number } | Refused<'epoch.stale'> | Loading);

/** What `load` needs of an event document. */
export type LoadSource = Pick<
  EventDocument,
  'chartHash' | 'seatCount' | 'sale' | 'policy' | 'version'
>;

/** The command certainly did not run: nothing changed. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'store.unavailable';
}

/** The command may have run: ask again with the same ids. */
export class StoreUnsettledError extends Error {
  override readonly name = 'StoreUnsettledError';
  readonly code = 'store.unsettled';
}
