import {
  decodeFeedRecord,
  type FeedRecord,
  type Holder,
  type HoldId,
  isHoldId,
  ownerHash,
  type SeatChange,
} from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import {
  hasEnded,
  type LegalStep,
  legalStep,
  type ReplayStatus,
  type SeatSide,
} from './legal-step.ts';

/** A hold as the feed alone tells it. */
export type ReplayedHold = {
  status: ReplayStatus;
  /** '' where nobody told who it is. */
  readonly ownerHash: string;
  /** Held seats; a seat that is booked has left its hold. */
  readonly seats: Set<number>;
  /** Redis time of the record that ended it. */
  endedAtMs: number | null;
};

/** A seat that left its hold because the owner asked for it. */
export type GivenBack = { readonly seat: number; readonly atMs: number };

/** The state that the feed leads to, and every record on the way that was not a legal step. */
export type Replay = {
  readonly holders: Map<number, Holder>;
  readonly holds: Map<HoldId, ReplayedHold>;
  readonly givenBack: Map<HoldId, GivenBack[]>;
  readonly findings: Finding[];
};

/**
 * Runs the feed from its base. A wrong record is told and then applied as it is written, so that
 * what follows is judged by what Redis did and one defect does not hide the next.
 */
export function replayFeed(evidence: StoredEvidence): Replay {
  const replay = startOf(evidence);
  for (const entry of evidence.feed) {
    let record: FeedRecord;
    try {
      record = decodeFeedRecord(entry.line);
    } catch {
      const sentence = `Record ${entry.offset} is not a feed record: ${entry.line.slice(0, 200)}`;
      replay.findings.push({ code: 'feed.unreadable', sentence });
      continue;
    }
    replayRecord(replay, record, evidence);
  }
  return replay;
}

function startOf({ base }: StoredEvidence): Replay {
  const holds = new Map<HoldId, ReplayedHold>();
  for (const [seat, holder] of base.holders) {
    const id = heldBy(holder);
    if (id === null) continue;
    const known = base.owners.get(id);
    const owner = known === undefined ? '' : ownerHash(known);
    const hold = holds.get(id) ?? freshHold('live', owner);
    hold.seats.add(seat);
    holds.set(id, hold);
  }
  return { holders: new Map(base.holders), holds, givenBack: new Map(), findings: [] };
}

function replayRecord(
  replay: Replay,
  record: FeedRecord,
  { seatCount, policy }: StoredEvidence,
): void {
  const step = legalStep(record.verb, record.outcome);
  if (step === null) {
    tell(replay, record, 'record.step-unknown', 'is no step of the hold machine');
  } else {
    judgeStep(replay, record, step);
  }
  for (const change of record.changes) {
    if (step !== null) judgeChange(replay, record, step, change);
    if (!Number.isInteger(change.seat) || change.seat < 0 || change.seat >= seatCount) {
      tell(
        replay,
        record,
        'record.seat-unknown',
        `names a seat outside 0..${seatCount - 1}`,
        change,
      );
      continue;
    }
    applyChange(replay, record, change);
    noteGivenBack(replay, record, change);
  }
  if (step?.to == null || !isHoldId(record.holdId)) return;
  finishStep(replay, record, step.to);
  if (step.to === 'live') judgeCap(replay, record, policy.maxSeats);
}

function judgeStep(replay: Replay, record: FeedRecord, step: LegalStep): void {
  const hold = isHoldId(record.holdId) ? replay.holds.get(record.holdId) : undefined;
  const status = hold?.status ?? 'unknown';
  if (step.to === null) {
    if (record.holdId !== '') {
      tell(replay, record, 'record.step-illegal', 'names a hold though it concerns none');
    }
    return;
  }
  if (!isHoldId(record.holdId)) {
    tell(replay, record, 'record.step-illegal', 'names no hold');
  } else if (hasEnded(status) && hasEnded(step.to) && !step.from.includes(status)) {
    tell(replay, record, 'hold.ended-twice', `ends a hold that was ${status} already (I3)`);
  } else if (!step.from.includes(status)) {
    tell(replay, record, 'record.step-illegal', `meets a hold that is ${status}`);
  }
  const owner = hold?.ownerHash ?? '';
  if (owner !== '' && owner !== record.ownerHash) {
    tell(replay, record, 'record.owner-differs', 'names another owner than the one who holds');
  }
  if (step.to === 'live' && status === 'unknown') judgeBasket(replay, record);
}

/** Who has more seats than allowed got them past the cap; a booking may have taken some since. */
function judgeCap(replay: Replay, record: FeedRecord, maxSeats: number): void {
  const seats = isHoldId(record.holdId) ? (replay.holds.get(record.holdId)?.seats.size ?? 0) : 0;
  if (seats <= maxSeats || !record.changes.some(({ after }) => after === 'h')) return;
  tell(replay, record, 'hold.over-cap', `gives ${seats} seats where ${maxSeats} are allowed`);
}

/** An owner has at most one live hold per event: the basket. */
function judgeBasket(replay: Replay, record: FeedRecord): void {
  for (const [id, hold] of replay.holds) {
    if (hold.status === 'live' && hold.ownerHash === record.ownerHash) {
      tell(replay, record, 'record.second-basket', `gives the owner of ${id} a second live hold`);
    }
  }
}

function judgeChange(
  replay: Replay,
  record: FeedRecord,
  step: LegalStep,
  change: SeatChange,
): void {
  const before = holderOf(change.before, record.holdId);
  const real = replay.holders.get(change.seat) ?? '';
  if (before !== real) {
    const text = `found seat ${change.seat} as '${before}' where the feed so far left '${real}'`;
    tell(replay, record, 'record.before-differs', text, change);
  }
  const sides = `${sideOf(change.before, record)}>${sideOf(change.after, record)}` as const;
  if (!step.changes.includes(sides)) {
    tell(replay, record, 'record.change-illegal', `may not turn a seat ${sides}`, change);
  }
}

function applyChange(replay: Replay, record: FeedRecord, change: SeatChange): void {
  const real = replay.holders.get(change.seat) ?? '';
  const after = holderOf(change.after, record.holdId);
  const loser = heldBy(real);
  if (loser !== null) replay.holds.get(loser)?.seats.delete(change.seat);
  if (after === '') replay.holders.delete(change.seat);
  else replay.holders.set(change.seat, after);
  const winner = heldBy(after);
  if (winner !== null) holdOf(replay, winner, record).seats.add(change.seat);
}

function noteGivenBack(replay: Replay, record: FeedRecord, change: SeatChange): void {
  const { givenBack } = replay;
  const { verb, holdId, redisMs } = record;
  if (!(verb === 'release' || verb === 'amend') || change.after !== '-') return;
  // What somebody else gave back was not given back.
  if (!isHoldId(holdId) || holdOf(replay, holdId, record).ownerHash !== record.ownerHash) return;
  const known = givenBack.get(holdId) ?? [];
  givenBack.set(holdId, [...known, { seat: change.seat, atMs: redisMs }]);
}

function finishStep(replay: Replay, record: FeedRecord, to: ReplayStatus): void {
  if (!isHoldId(record.holdId)) return;
  const hold = holdOf(replay, record.holdId, record);
  hold.status = to;
  if (!hasEnded(to)) return;
  hold.endedAtMs = record.redisMs;
  for (const seat of hold.seats) {
    tell(replay, record, 'hold.keeps-seats', `ends a hold that keeps seat ${seat}`, { seat });
  }
}

function holdOf(replay: Replay, id: HoldId, record: FeedRecord): ReplayedHold {
  const own = id === record.holdId;
  const hold = replay.holds.get(id) ?? freshHold('unknown', own ? record.ownerHash : '');
  replay.holds.set(id, hold);
  return hold;
}

function freshHold(status: ReplayStatus, owner: string): ReplayedHold {
  return { status, ownerHash: owner, seats: new Set(), endedAtMs: null };
}

/** The hold of a held seat. A booked seat's booking may be one that Redis never knew as a hold. */
function heldBy(holder: Holder): HoldId | null {
  const id = holder.slice(2);
  return holder.startsWith('h:') && isHoldId(id) ? id : null;
}

/** The holder that a code of the feed stands for. */
function holderOf(code: string, own: string): Holder {
  if (code === '-') return '';
  if (code === 'x') return 'x';
  const kind = code[0] === 'b' ? 'b' : 'h';
  return `${kind}:${code[1] === '=' ? code.slice(2) : own}`;
}

function sideOf(code: string, record: FeedRecord): SeatSide {
  const holder = holderOf(code, record.holdId);
  if (holder === '') return 'free';
  if (holder === 'x') return 'blocked';
  const own = record.holdId !== '' && holder.slice(2) === record.holdId;
  if (holder.startsWith('b:')) return own ? 'own-booked' : 'other-booked';
  return own ? 'own' : 'other';
}

function tell(
  replay: Replay,
  record: FeedRecord,
  code: Finding['code'],
  what: string,
  at?: { readonly seat: number },
): void {
  replay.findings.push({
    code,
    ...(at === undefined ? {} : { seat: at.seat }),
    ...(record.holdId === '' ? {} : { hold: record.holdId }),
    sentence: `Record ${record.offset} (${record.verb}/${record.outcome}) ${what}.`,
  });
}
