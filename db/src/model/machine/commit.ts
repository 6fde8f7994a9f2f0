import type { CommitCommand, CommitReply } from '../hold-commands.ts';
import { type HoldRecord, isLive } from '../hold-record.ts';
import type { HoldId, OwnerId } from '../ids.ts';
import type { Quote } from '../quote.ts';
import type { EndedHold } from '../reply.ts';
import {
  append,
  endHold,
  freeSeats,
  held,
  isLoading,
  loseSeat,
  type Step,
  writeSeat,
  written,
} from './step.ts';

const FINAL: readonly string[] = ['booked', 'rejected', 'cancelled'];

export function commit(step: Step, command: CommitCommand): CommitReply {
  const { state } = step;
  const { holdId, owner, seats, quote, trail } = command;
  if (isLoading(state)) return { ...written(step), outcome: 'event.loading' };
  const known = state.holds.get(holdId);
  if (known !== undefined && FINAL.includes(known.status)) {
    const nothing = { ended: [], conflicts: [] };
    return { ...written(step), outcome: 'replayed', ...held(holdId, known), ...nothing };
  }
  const live = known !== undefined && isLive(known.status);
  const hold = known ?? forgottenHold(step, owner, []);
  const ended: EndedHold[] = [];
  const conflicts: number[] = [];
  const changes: string[] = [];
  for (const seat of seats) {
    const taken = takeSeat(step, command, seat, ended);
    if (taken === 'conflict') conflicts.push(seat);
    else if (taken !== 'own') changes.push(taken);
  }
  const left = hold.seats.filter((seat) => !seats.includes(seat));
  changes.push(...freeSeats(step, left, `h:${holdId}`));
  const booked = endHold(step, holdId, { ...hold, seats, quote }, 'booked');
  const verb = live ? 'commit' : 'repair';
  append(step, { verb, outcome: 'booked', changes }, { id: holdId, owner: hold.owner }, trail);
  const outcome = live ? 'booked' : 'repaired';
  return { ...written(step), outcome, ...held(holdId, booked), ended, conflicts };
}

function takeSeat(
  step: Step,
  { holdId, trail }: CommitCommand,
  seat: number,
  ended: EndedHold[],
): string {
  const holder = step.state.holders.get(seat) ?? '-';
  if (holder === `b:${holdId}`) return 'own';
  if (holder.startsWith('b:')) return 'conflict';
  let before: string = holder;
  if (holder === `h:${holdId}`) {
    before = 'h';
  } else if (holder.startsWith('h:')) {
    const id = holder.slice(2) as HoldId; // a seat's holder names the hold that place wrote
    const other = step.state.holds.get(id);
    before = `h=${id}`;
    if (other?.status === 'held') {
      const gone = loseSeat(step, id, other, seat, trail);
      if (gone !== null) ended.push(gone);
      before = '-';
    }
  }
  writeSeat(step, seat, `b:${holdId}`);
  return `${seat}:${before}:b`;
}

const NO_QUOTE: Quote = { currency: '', priceVersion: '', amounts: [] };

/** A record for a hold that Redis does not know and Cosmos speaks of. */
export function forgottenHold(step: Step, owner: OwnerId, seats: readonly number[]): HoldRecord {
  return {
    owner,
    status: 'held',
    deadlineMs: step.nowMs,
    rev: 1,
    extensions: 0,
    placedAtMs: step.nowMs,
    seats,
    quote: NO_QUOTE,
    idemField: '',
    begunAtMs: 0,
    sentAtMs: 0,
    ops: [],
    addressHash: '',
    chargedMs: 0,
  };
}
