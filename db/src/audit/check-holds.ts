import { type HoldId, type HoldRecord, isLive } from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import { LOST_STATUSES } from './legal-step.ts';
import type { Replay, ReplayedHold } from './replay.ts';

/** Every stored hold is what the feed made of it, and no live hold of the feed is missing (I3). */
export function* checkHolds(evidence: StoredEvidence, replay: Replay): Generator<Finding> {
  for (const [id, record] of evidence.holds) {
    const replayed = replay.holds.get(id);
    if (replayed === undefined || replayed.status === 'unknown') {
      yield* unrecorded(id, record);
    } else {
      yield* compareHold(id, record, replayed);
    }
    yield* overTime(id, record, evidence.policy.maxTotalMs);
  }
  for (const [id, replayed] of replay.holds) {
    if (replayed.status === 'live' && !evidence.holds.has(id)) {
      yield { code: 'hold.vanished', hold: id, sentence: `Hold ${id} never ended and is gone.` };
    }
  }
}

/** Extensions end where the event's policy says, however often and fast they are asked for. */
function* overTime(id: HoldId, record: HoldRecord, mostMs: number): Generator<Finding> {
  const lastsMs = record.deadlineMs - record.placedAtMs;
  if (lastsMs <= mostMs) return;
  const sentence = `Hold ${id} lasts ${lastsMs} ms where ${mostMs} ms are allowed.`;
  yield { code: 'hold.over-time', hold: id, sentence };
}

/** A rejection or cancel of a hold that Redis never knew may change no seat and leave no record. */
function* unrecorded(id: HoldId, record: HoldRecord): Generator<Finding> {
  if (record.status === 'rejected' || record.status === 'cancelled') return;
  const sentence = `Hold ${id} is ${record.status}, but the feed has no record of it.`;
  yield { code: 'hold.unrecorded', hold: id, sentence };
}

function* compareHold(id: HoldId, record: HoldRecord, replayed: ReplayedHold): Generator<Finding> {
  if (!statusAgrees(record, replayed)) {
    const sentence = `Hold ${id} is stored as ${record.status}, the feed left it ${replayed.status}.`;
    yield { code: 'hold.status-differs', hold: id, sentence };
  }
  const early = replayed.endedAtMs !== null && replayed.endedAtMs < record.deadlineMs;
  if (replayed.status === 'expired' && early) {
    const sentence = `Hold ${id} expired at ${replayed.endedAtMs}, before its deadline ${record.deadlineMs} (I6).`;
    yield { code: 'hold.ended-early', hold: id, sentence };
  }
  if (!seatsAgree(record, replayed.seats)) {
    const has = [...replayed.seats].sort((a, b) => a - b).join(',');
    const sentence = `Hold ${id} lists the seats [${record.seats.join(',')}], the feed gave it [${has}].`;
    yield { code: 'hold.seats-differ', hold: id, sentence };
  }
}

function statusAgrees(record: HoldRecord, replayed: ReplayedHold): boolean {
  if (replayed.status === 'live') return isLive(record.status);
  if (record.status === replayed.status) return true;
  // Cancelling a hold that has lost its seats already changes no seat and leaves no record.
  return record.status === 'cancelled' && LOST_STATUSES.includes(replayed.status);
}

/** A confirming hold keeps its record while another's booking takes a seat from under it. */
function seatsAgree(record: HoldRecord, has: ReadonlySet<number>): boolean {
  if (!isLive(record.status)) return true;
  const listed = new Set(record.seats);
  const within = [...has].every((seat) => listed.has(seat));
  return within && (record.status === 'confirming' || has.size === listed.size);
}
