import type {
  FeedEntry,
  Holder,
  HoldId,
  HoldRecord,
  OwnerId,
  Policy,
  Position,
  SeatMap,
} from '../model/door.ts';
import type { Journal } from './journal.ts';

/**
 * Everything the audit looks at, read while nothing writes (or from one position). `db/audit` reads
 * nothing by itself: `db/redis` fills the Redis side, tests and surges bring journals and viewers.
 */
export type AuditEvidence = StoredEvidence & {
  readonly journals: readonly Journal[];
  readonly viewers: readonly ViewerMap[];
};

/** The Redis side of one event, one field for one key. */
export type StoredEvidence = {
  readonly seatCount: number;
  /** What the event allows, the same from its load on. */
  readonly policy: Pick<Policy, 'maxSeats' | 'maxTotalMs'>;
  /** Head of the event (`meta`): the last feed record must have led here. */
  readonly position: Position;
  /** What was true before the first record of `feed`. */
  readonly base: FeedBase;
  /** The whole feed after `base`, archived part included, oldest first. */
  readonly feed: readonly FeedEntry[];
  readonly map: SeatMap;
  /** The seats hash: index to holder; seats that are not in it are available. */
  readonly holders: ReadonlyMap<number, Holder>;
  readonly holds: ReadonlyMap<HoldId, HoldRecord>;
  /** `<owner>/<hold>` of every live hold. */
  readonly owned: ReadonlySet<string>;
  /** Hold to the instant somebody must look at it. */
  readonly due: ReadonlyMap<string, number>;
  /** Hold to the instant it ended. */
  readonly ended: ReadonlyMap<string, number>;
};

/**
 * The state a replay starts from. An event that was just loaded starts at offset 0 with the seats
 * that `load_part` stored and without holds.
 */
export type FeedBase = {
  readonly offset: number;
  readonly chain: string;
  readonly holders: ReadonlyMap<number, Holder>;
  /** Owners of the live holds that `holders` names, by hold. */
  readonly owners: ReadonlyMap<HoldId, OwnerId>;
};

/** What one viewer shows of the seats from `from` on, once everything is quiet. */
export type ViewerMap = {
  readonly name: string;
  readonly from: number;
  readonly map: SeatMap;
};
