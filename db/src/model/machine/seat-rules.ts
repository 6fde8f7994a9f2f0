import { stateOfHolder } from '../feed-record.ts';
import type { HoldRecord } from '../hold-record.ts';
import type { HoldId, OwnerId } from '../ids.ts';
import type { Blocker } from '../reply.ts';
import { isOverdue, type Step } from './step.ts';

/** Seats of a request: whole numbers of this event, ascending, no doubles, at most `most`. */
export function refuseSeats(
  step: Step,
  seats: readonly number[],
  most: number,
): 'seats.invalid' | 'seats.too-many' | null {
  if (seats.length > most) return 'seats.too-many';
  let before = -1;
  for (const seat of seats) {
    if (!Number.isSafeInteger(seat) || seat <= before || seat >= step.state.seatCount) {
      return 'seats.invalid';
    }
    before = seat;
  }
  return null;
}

/** Who stands on these seats. `alive` when any of them is not an overdue hold's. */
export function findBlockers(
  step: Step,
  seats: readonly number[],
  owner: OwnerId,
  stale: readonly HoldId[],
): { taken: Blocker[]; overdue: HoldId[]; alive: boolean } {
  const taken: Blocker[] = [];
  const overdue = [...stale];
  let alive = false;
  for (const seat of seats) {
    const holder = step.state.holders.get(seat);
    if (holder === undefined) continue;
    // Holders are `h:<hold id>` or `b:<booking id>`, written by transitions alone.
    const id = holder.slice(2) as HoldId;
    const hold = holder === 'x' ? undefined : step.state.holds.get(id);
    taken.push({ seat, state: stateOfHolder(holder), mine: hold?.owner === owner });
    if (holder.startsWith('h:') && hold !== undefined && isOverdue(step, hold)) {
      if (!overdue.includes(id)) overdue.push(id);
    } else {
      alive = true;
    }
  }
  return { taken, overdue, alive };
}

/** What amend, extend and confirm check alike, in this order. */
export function refuseChange(
  step: Step,
  hold: HoldRecord,
  rev: number,
): 'hold.confirming' | 'hold.booked' | 'hold.ended' | 'hold.overdue' | 'hold.changed' | null {
  if (hold.status === 'confirming') return 'hold.confirming';
  if (hold.status === 'booked') return 'hold.booked';
  if (hold.status !== 'held') return 'hold.ended';
  if (isOverdue(step, hold)) return 'hold.overdue';
  return hold.rev === rev ? null : 'hold.changed';
}

/** Whether this op was done before: with the same body (a reply was lost), another one, or not at all. */
export function knownOp(
  hold: HoldRecord,
  opId: string,
  bodyHash: string,
): 'replayed' | 'idempotency.mismatch' | null {
  const op = hold.ops.find((done) => done.opId === opId);
  if (op === undefined) return null;
  return op.bodyHash === bodyHash ? 'replayed' : 'idempotency.mismatch';
}
