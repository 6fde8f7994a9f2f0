import type { BeginConfirmCommand, BeginConfirmReply } from '../hold-commands.ts';
import { refuseChange } from './seat-rules.ts';
import { held, isLoading, type Step, stamp } from './step.ts';

const FIRST_LOOK_MS = 5_000;

export function beginConfirm(step: Step, command: BeginConfirmCommand): BeginConfirmReply {
  const { state, nowMs } = step;
  const { holdId } = command;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const hold = state.holds.get(holdId);
  if (hold === undefined || hold.owner !== command.owner) {
    return { ...stamp(step), outcome: 'hold.unknown' };
  }
  if (hold.status === 'confirming' || hold.status === 'booked') {
    return { ...stamp(step), outcome: 'replayed', ...held(holdId, hold) };
  }
  const refusal = refuseChange(step, hold, command.rev);
  if (refusal !== null) return { ...stamp(step), outcome: refusal, ...held(holdId, hold) };
  const begun = { ...hold, status: 'confirming', begunAtMs: nowMs } as const;
  state.holds.set(holdId, begun);
  state.due.set(holdId, nowMs + FIRST_LOOK_MS);
  return { ...stamp(step), outcome: 'confirming', ...held(holdId, begun) };
}
