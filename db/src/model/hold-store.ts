import type {
  BlockCommand,
  BlockReply,
  CatchUpQuery,
  CatchUpReply,
  DueHead,
  EventHead,
  LoadBeginCommand,
  LoadCloseCommand,
  LoadCloseReply,
  LoadEndCommand,
  LoadPartCommand,
  LoadReply,
  NewEpochCommand,
  NewEpochReply,
  ProbeQuery,
  ProbeReply,
  ReadHoldQuery,
  ReadHoldReply,
  RebaseCommand,
  RebaseReply,
  RepairCommand,
  RepairReply,
  SaleCommand,
  SaleReply,
  SnapshotReply,
  TrimBudgetCommand,
  TrimBudgetReply,
  TrimEndedCommand,
  TrimEndedReply,
  TrimFeedCommand,
  TrimFeedReply,
  UnblockCommand,
  UnblockReply,
} from './event-commands.ts';
import type {
  AmendCommand,
  AmendReply,
  BeginConfirmCommand,
  BeginConfirmReply,
  CancelCommand,
  CancelReply,
  CommitCommand,
  CommitReply,
  ExpireDueCommand,
  ExpireDueReply,
  ExtendCommand,
  ExtendReply,
  PlaceCommand,
  PlaceReply,
  RejectCommand,
  RejectReply,
  ReleaseCommand,
  ReleaseReply,
  RevokeCommand,
  RevokeReply,
} from './hold-commands.ts';
import type { EventId, HoldId } from './ids.ts';

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
  /** Closes a draft's state after its chart was replaced; a load opens it again. */
  loadClose(event: EventId, command: LoadCloseCommand): Promise<LoadCloseReply>;
  newEpoch(event: EventId, command: NewEpochCommand): Promise<NewEpochReply>;
  rebase(event: EventId, command: RebaseCommand): Promise<RebaseReply>;
  /** One hold by its id, or an owner's basket. */
  readHold(event: EventId, query: ReadHoldQuery): Promise<ReadHoldReply>;
  /** Which of these holds have a record, ended ones too: what a store forgot is in no answer. */
  knownHolds(event: EventId, holds: readonly HoldId[]): Promise<ReadonlySet<HoldId>>;
  /** Whether a caller's own map may refuse a place: one read instead of a transition. */
  probe(event: EventId, query: ProbeQuery): Promise<ProbeReply>;
  snapshot(event: EventId): Promise<SnapshotReply>;
  catchUp(event: EventId, query: CatchUpQuery): Promise<CatchUpReply>;
  /** Head of each event in one round trip; null where an event has no open state. */
  heads(events: readonly EventId[]): Promise<(EventHead | null)[]>;
  /** Next due instant of each event in one round trip, with the clock it is judged by. */
  nextDue(events: readonly EventId[]): Promise<(DueHead | null)[]>;
  /** Drops records of holds that ended more than `olderThanMs` ago, at most `limit` of them. */
  trimEnded(event: EventId, command: TrimEndedCommand): Promise<TrimEndedReply>;
  /** Drops budgets that have refilled, part by part. */
  trimBudget(event: EventId, command: TrimBudgetCommand): Promise<TrimBudgetReply>;
  /** Drops feed records below `beforeOffset`; the caller has archived them. */
  trimFeed(event: EventId, command: TrimFeedCommand): Promise<TrimFeedReply>;
}

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
