import type { RepairCommand, RepairReply } from '../event-commands.ts';
import type { HoldId } from '../ids.ts';
import type { EndedHold } from '../reply.ts';
import { refuseSeats } from './seat-rules.ts';
import { append, isLoading, loseSeat, type Step, writeSeat, written } from './step.ts';

export function repair(step: Step, command: RepairCommand): RepairReply {
  const { seat, seen, next, trail } = command;
  if (isLoading(step.state)) return { ...written(step), outcome: 'event.loading' };
  if (refuseSeats(step, [seat], 1) !== null) return { ...written(step), outcome: 'seats.invalid' };
  const holder = step.state.holders.get(seat) ?? '';
  if (holder !== seen) return { ...written(step), outcome: 'repair.stale', holder };
  // A seat's holder names the hold that place wrote.
  const id = seen.slice(2) as HoldId;
  const hold = seen.startsWith('h:') ? step.state.holds.get(id) : undefined;
  if (hold?.status === 'confirming') return { ...written(step), outcome: 'hold.confirming' };
  const ended: EndedHold[] = [];
  let before = code(seen);
  if (hold !== undefined) {
    const gone = loseSeat(step, id, hold, seat, trail);
    if (gone !== null) ended.push(gone);
    before = '-';
  }
  const after = code(next);
  if (before !== after) {
    writeSeat(step, seat, next);
    const changes = [`${seat}:${before}:${after}`];
    append(step, { verb: 'repair', outcome: 'repaired', changes }, null, trail);
  }
  return { ...written(step), outcome: 'repaired', ended };
}

function code(holder: string): string {
  return holder === '' ? '-' : holder.replace(/^([hb]):/, '$1=');
}
