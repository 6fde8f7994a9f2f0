/**
 * One contradiction that the audit saw. `code` is stable (tests and metrics name it), the sentence
 * is for the person who has to understand it.
 */
export type Finding = {
  readonly code: FindingCode;
  /** The seat concerned, where there is one. */
  readonly seat?: number;
  /** The hold concerned, where there is one. */
  readonly hold?: string;
  readonly sentence: string;
};

/** Every contradiction the audit can name; each has a test that makes it appear. */
export const FINDING_CODES = [
  'told.overlap',
  'told.not-in-feed',
  'told.end-untrue',
  'feed.unreadable',
  'feed.gap',
  'feed.chain-broken',
  'feed.head-differs',
  'record.step-unknown',
  'record.step-illegal',
  'record.change-illegal',
  'record.before-differs',
  'record.seat-unknown',
  'record.second-basket',
  'record.owner-differs',
  'hold.over-cap',
  'hold.over-time',
  'hold.ended-twice',
  'hold.ended-early',
  'hold.keeps-seats',
  'hold.vanished',
  'hold.unrecorded',
  'hold.status-differs',
  'hold.seats-differ',
  'map.wrong-length',
  'map.differs',
  'seats.differ',
  'owned.missing',
  'owned.stray',
  'due.missing',
  'due.stray',
  'due.wrong-score',
  'ended.missing',
  'ended.stray',
  'viewer.differs',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];
