import type { CancelCommand, CancelReply, RejectCommand, RejectReply } from '../hold-commands.ts';
import { isLive } from '../hold-record.ts';
import { forgottenHold } from './commit.ts';
import {
  append,
  endHold,
  freeSeats,
  held,
  isLoading,
  type Step,
  writeSeat,
  written,
} from './step.ts';

export function reject(step: Step, command: RejectCommand): RejectReply {
  const { state } = step;
  const { holdId, owner, contested, trail } = command;
  if (isLoading(state)) return { ...written(step), outcome: 'event.loading' };
  const hold = state.holds.get(holdId);
  if (hold === undefined) {
    const recorded = endHold(step, holdId, forgottenHold(step, owner, []), 'rejected');
    return { ...written(step), outcome: 'recorded', ...held(holdId, recorded) };
  }
  if (hold.status === 'booked') {
    return { ...written(step), outcome: 'hold.booked', ...held(holdId, hold) };
  }
  if (!isLive(hold.status)) return { ...written(step), outcome: 'replayed', ...held(holdId, hold) };
  const changes: string[] = [];
  for (const seat of hold.seats) {
    if (state.holders.get(seat) !== `h:${holdId}`) continue;
    const holder = contested.find((truth) => truth.seat === seat)?.holder ?? '';
    writeSeat(step, seat, holder);
    changes.push(`${seat}:h:${holder === '' ? '-' : holder.replace(/^b:/, 'b=')}`);
  }
  const ended = endHold(step, holdId, hold, 'rejected');
  const subject = { id: holdId, owner: hold.owner };
  append(step, { verb: 'reject', outcome: 'rejected', changes }, subject, trail);
  return { ...written(step), outcome: 'rejected', ...held(holdId, ended) };
}

export function cancel(step: Step, command: CancelCommand): CancelReply {
  const { state } = step;
  const { holdId, owner, seats, trail } = command;
  if (isLoading(state)) return { ...written(step), outcome: 'event.loading' };
  const known = state.holds.get(holdId);
  if (known?.status === 'cancelled' || known?.status === 'rejected') {
    return { ...written(step), outcome: 'replayed', ...held(holdId, known) };
  }
  const live = known !== undefined && (isLive(known.status) || known.status === 'booked');
  const hold = known ?? forgottenHold(step, owner, seats);
  const changes = [
    ...freeSeats(step, hold.seats, `h:${holdId}`),
    ...freeSeats(step, hold.seats, `b:${holdId}`),
  ];
  const ended = endHold(step, holdId, hold, 'cancelled');
  if (live || changes.length > 0) {
    const subject = { id: holdId, owner: hold.owner };
    append(step, { verb: 'cancel', outcome: 'cancelled', changes }, subject, trail);
  }
  const outcome = live ? 'cancelled' : 'recorded';
  return { ...written(step), outcome, ...held(holdId, ended) };
}
