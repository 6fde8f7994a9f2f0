import { EXPIRE_BATCH_MAX, type ExpireDueCommand, type ExpireDueReply } from '../hold-commands.ts';
import type { HoldId } from '../ids.ts';
import type { EndedHold, HeldSeat } from '../reply.ts';
import { clockCheck } from './clock-check.ts';
import {
  append,
  endHold,
  freeSeats,
  held,
  isLoading,
  isOverdue,
  type Step,
  written,
} from './step.ts';

const FIRST_LOOK_MS = 5_000;
const LAST_LOOK_MS = 60_000;

export function expireDue(step: Step, command: ExpireDueCommand): ExpireDueReply {
  const { state, nowMs } = step;
  if (isLoading(state)) return { ...written(step), outcome: 'event.loading' };
  const jumped = clockCheck(step, command.seen);
  if (jumped !== null) return { ...written(step), ...jumped };

  const due = command.only ?? dueHolds(step);
  const batch = command.only === null ? due.slice(0, EXPIRE_BATCH_MAX) : due;
  if (command.only === null) state.sweptAtMs = nowMs;
  const ended: EndedHold[] = [];
  const looks: HeldSeat[] = [];
  for (const id of batch) {
    const hold = state.holds.get(id);
    if (hold === undefined) continue;
    if (isOverdue(step, hold)) {
      endHold(step, id, hold, 'expired');
      const changes = freeSeats(step, hold.seats, `h:${id}`);
      const subject = { id, owner: hold.owner };
      append(step, { verb: 'expire', outcome: 'expired', changes }, subject, command.trail);
      const { owner, deadlineMs } = hold;
      ended.push({ holdId: id, owner, status: 'expired', deadlineMs });
    } else if (hold.status === 'confirming' && command.only === null) {
      state.due.set(id, nowMs + nextLookMs(nowMs - hold.begunAtMs));
      looks.push(held(id, hold));
    }
  }
  return { ...written(step), outcome: 'swept', ended, looks, more: due.length > batch.length };
}

/** Waits between looks grow with the age of the confirm: 5 s, doubling the total, at most 60 s. */
function nextLookMs(ageMs: number): number {
  return Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, ageMs));
}

function dueHolds(step: Step): HoldId[] {
  return [...step.state.due]
    .filter(([, dueAtMs]) => dueAtMs <= step.nowMs)
    .sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1))
    .map(([id]) => id);
}
