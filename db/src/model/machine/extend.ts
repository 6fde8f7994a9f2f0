import type { ExtendCommand, ExtendReply } from '../hold-commands.ts';
import { rememberOp } from './amend.ts';
import { brake, budgetsOf, charge } from './budget.ts';
import { clockCheck } from './clock-check.ts';
import { knownOp, refuseChange } from './seat-rules.ts';
import { held, isLoading, type Step, stamp } from './step.ts';

export function extend(step: Step, command: ExtendCommand): ExtendReply {
  const { state, nowMs } = step;
  const { holdId } = command;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const hold = state.holds.get(holdId);
  if (hold === undefined || hold.owner !== command.owner) {
    return { ...stamp(step), outcome: 'hold.unknown' };
  }
  const known = knownOp(hold, command.opId, command.bodyHash);
  if (known === 'idempotency.mismatch') return { ...stamp(step), outcome: known };
  if (known === 'replayed') return { ...stamp(step), outcome: known, ...held(holdId, hold) };
  const jumped = clockCheck(step, command.seen);
  if (jumped !== null) return { ...stamp(step), ...jumped };
  const refusal = refuseChange(step, hold, command.rev);
  if (refusal !== null) return { ...stamp(step), outcome: refusal, ...held(holdId, hold) };
  if (state.sale === 'closed') {
    return { ...stamp(step), outcome: 'sale.closed', sale: state.sale };
  }
  const { maxExtensions, maxTotalMs, extendMs } = state.policy;
  const lastMs = hold.placedAtMs + maxTotalMs;
  if (hold.extensions >= maxExtensions || hold.deadlineMs >= lastMs) {
    return { ...stamp(step), outcome: 'extend.limit', ...held(holdId, hold) };
  }
  const budgets = budgetsOf(step, hold);
  const { divisor, spent } = brake(budgets, 1, state.policy);
  if (spent !== null) {
    return { ...stamp(step), outcome: 'budget.spent', budget: spent, ...held(holdId, hold) };
  }

  const gainedMs = nowMs + Math.floor(extendMs / divisor);
  const deadlineMs = Math.min(lastMs, Math.max(hold.deadlineMs, gainedMs));
  const costMs = hold.seats.length * (deadlineMs - hold.deadlineMs);
  charge(step, budgets, costMs);
  const { extensions, rev, chargedMs } = hold;
  const counted = { extensions: extensions + 1, rev: rev + 1, chargedMs: chargedMs + costMs };
  const extended = rememberOp({ ...hold, deadlineMs, ...counted }, command);
  state.holds.set(holdId, extended);
  state.due.set(holdId, extended.deadlineMs);
  return { ...stamp(step), outcome: 'extended', ...held(holdId, extended) };
}
