import { type FeedEntry, nextChain, ownerHash } from '../feed-record.ts';
import { type HoldRecord, type HoldStatus, isLive } from '../hold-record.ts';
import type { HoldId, OwnerId } from '../ids.ts';
import type { EndedHold, HeldSeat, Holder, Stamp, Written } from '../reply.ts';
import { encodeTrail, type Trail } from '../trail.ts';
import { budgetsOf, charge } from './budget.ts';
import type { EventState } from './event-state.ts';

/** One transition under way: the state it works on, the instant it judges by, what it wrote. */
export type Step = {
  readonly state: EventState;
  readonly nowMs: number;
  readonly entries: FeedEntry[];
};

/** `timeMs` is the store's raw clock; the event's shift is added here, as `now.lua` does. */
export function beginStep(state: EventState, timeMs: number): Step {
  return { state, nowMs: timeMs + state.shiftMs, entries: [] };
}

export function stamp(step: Step): Stamp {
  const { epoch, offset, chain } = step.state;
  return { nowMs: step.nowMs, position: { epoch, offset, chain } };
}

export function written(step: Step): Written {
  return { ...stamp(step), entries: step.entries };
}

/** Whether the event answers `event.loading` to everything. */
export function isLoading(state: EventState): boolean {
  return state.epoch === '0' || state.loading !== null;
}

/** now >= deadline; confirming holds are never overdue. */
export function isOverdue(step: Step, hold: HoldRecord): boolean {
  return hold.status === 'held' && step.nowMs >= hold.deadlineMs;
}

export function writeSeat(step: Step, seat: number, holder: Holder): void {
  if (holder === '') step.state.holders.delete(seat);
  else step.state.holders.set(seat, holder);
}

/** One feed record; `changes` are `seat:before:after`. */
export function append(
  step: Step,
  what: { verb: string; outcome: string; changes: readonly string[] },
  hold: { id: HoldId; owner: OwnerId } | null,
  trail: Trail,
): void {
  const { state } = step;
  state.offset += 1;
  const line = [
    state.offset,
    what.verb,
    what.outcome,
    what.changes.join(','),
    hold?.id ?? '',
    hold === null ? '' : ownerHash(hold.owner),
    encodeTrail(trail),
    step.nowMs,
  ].join('|');
  const prev = state.chain;
  state.chain = nextChain(prev, line);
  const entry = { offset: state.offset, prev, chain: state.chain, line };
  state.feed.push(entry);
  step.entries.push(entry);
}

/** Gives a hold its one end and returns the record as it ended. */
export function endHold(step: Step, id: HoldId, hold: HoldRecord, status: HoldStatus): HoldRecord {
  const { owedMs, chargedMs } = settle(step, hold, status);
  charge(step, budgetsOf(step, hold), owedMs);
  const ended = { ...hold, status, chargedMs };
  step.state.holds.set(id, ended);
  step.state.ended.set(id, step.nowMs);
  step.state.owned.delete(`${hold.owner}/${id}`);
  step.state.due.delete(id);
  return ended;
}

/**
 * What an end changes in the budgets: booking gives all back, cancelling a booking takes it again,
 * the rest of any other live hold was never used.
 */
function settle(step: Step, hold: HoldRecord, status: HoldStatus) {
  const { chargedMs } = hold;
  if (status === 'booked') return { owedMs: -chargedMs, chargedMs };
  if (hold.status === 'booked') return { owedMs: chargedMs, chargedMs };
  if (!isLive(hold.status)) return { owedMs: 0, chargedMs };
  const leftMs = hold.seats.length * Math.max(0, hold.deadlineMs - step.nowMs);
  const restMs = Math.min(chargedMs, leftMs);
  return { owedMs: -restMs, chargedMs: chargedMs - restMs };
}

/** Frees the seats that are still `mine` (compare-and-set) and returns the changes. */
export function freeSeats(step: Step, seats: readonly number[], mine: Holder): string[] {
  const changes: string[] = [];
  for (const seat of seats) {
    if (step.state.holders.get(seat) !== mine) continue;
    writeSeat(step, seat, '');
    changes.push(`${seat}:${mine[0]}:-`);
  }
  return changes;
}

/** A held hold loses one seat to a decision that outranks it; without seats it ends revoked. */
export function loseSeat(
  step: Step,
  id: HoldId,
  hold: HoldRecord,
  seat: number,
  trail: Trail,
): EndedHold | null {
  const at = hold.seats.indexOf(seat);
  const seats = hold.seats.filter((kept) => kept !== seat);
  const amounts = hold.quote.amounts.filter((_, place) => place !== at);
  writeSeat(step, seat, '');
  const changes = [`${seat}:h:-`];
  const owner = { id, owner: hold.owner };
  if (seats.length > 0) {
    const quote = { ...hold.quote, amounts };
    const restMs = Math.min(hold.chargedMs, Math.max(0, hold.deadlineMs - step.nowMs));
    charge(step, budgetsOf(step, hold), -restMs);
    const chargedMs = hold.chargedMs - restMs;
    step.state.holds.set(id, { ...hold, rev: hold.rev + 1, seats, quote, chargedMs });
    append(step, { verb: 'revoke', outcome: 'shrunk', changes }, owner, trail);
    return null;
  }
  endHold(step, id, { ...hold, rev: hold.rev + 1 }, 'revoked');
  append(step, { verb: 'revoke', outcome: 'revoked', changes }, owner, trail);
  return { holdId: id, owner: hold.owner, status: 'revoked' };
}

export function held(holdId: HoldId, hold: HoldRecord): HeldSeat {
  return { holdId, hold };
}

/** The live basket of an owner, if there is one. */
export function basketOf(state: EventState, owner: OwnerId): HoldId | null {
  const prefix = `${owner}/`;
  for (const entry of state.owned) {
    // Entries of `owned` are written by place alone, as `<owner>/<hold id>`.
    if (entry.startsWith(prefix)) return entry.slice(prefix.length) as HoldId;
  }
  return null;
}
