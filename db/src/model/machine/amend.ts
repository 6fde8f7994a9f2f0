import type { AmendCommand, AmendReply } from '../hold-commands.ts';
import { APPLIED_OPS_MAX, type HoldRecord } from '../hold-record.ts';
import { brake, budgetsOf, charge } from './budget.ts';
import { findBlockers, knownOp, refuseChange, refuseSeats } from './seat-rules.ts';
import { append, endHold, held, isLoading, type Step, writeSeat, written } from './step.ts';

export function amend(step: Step, command: AmendCommand): AmendReply {
  const { state } = step;
  const { holdId } = command;
  if (isLoading(state)) return { ...written(step), outcome: 'event.loading' };
  const hold = state.holds.get(holdId);
  if (hold === undefined || hold.owner !== command.owner) {
    return { ...written(step), outcome: 'hold.unknown' };
  }
  const known = knownOp(hold, command.opId, command.bodyHash);
  if (known === 'idempotency.mismatch') return { ...written(step), outcome: known };
  if (known === 'replayed') return { ...written(step), outcome: known, ...held(holdId, hold) };
  const refusal = refuseChange(step, hold, command.rev);
  if (refusal !== null) return { ...written(step), outcome: refusal, ...held(holdId, hold) };
  if (state.chartHash !== command.chartHash) return { ...written(step), outcome: 'chart.changed' };
  const wrong = refuseSeats(step, command.seats, state.policy.maxSeats);
  if (wrong !== null) return { ...written(step), outcome: wrong };
  const added = command.seats.filter((seat) => !hold.seats.includes(seat));
  if (added.length > 0 && state.sale !== 'open') {
    return { ...written(step), outcome: 'sale.closed', sale: state.sale };
  }
  const { taken, overdue, alive } = findBlockers(step, added, command.owner, []);
  if (alive) return { ...written(step), outcome: 'seats.unavailable', blockers: taken };
  if (overdue.length > 0) return { ...written(step), outcome: 'seats.overdue', overdue };
  const { spent } = brake(budgetsOf(step, hold), command.seats.length, state.policy);
  if (spent !== null && command.seats.length > hold.seats.length) {
    return { ...written(step), outcome: 'budget.spent', budget: spent, ...held(holdId, hold) };
  }
  return change(step, command, hold, added);
}

function change(
  step: Step,
  command: AmendCommand,
  hold: HoldRecord,
  added: readonly number[],
): AmendReply {
  const { holdId, seats, quote, trail } = command;
  const dropped = hold.seats.filter((seat) => !seats.includes(seat));
  for (const seat of added) writeSeat(step, seat, `h:${holdId}`);
  for (const seat of dropped) writeSeat(step, seat, '');
  const changes = [...added.map((seat) => `${seat}:-:h`), ...dropped.map((seat) => `${seat}:h:-`)];
  const changed = rememberOp({ ...hold, rev: hold.rev + 1 }, command);
  const subject = { id: holdId, owner: hold.owner };
  if (seats.length === 0) {
    const ended = endHold(step, holdId, changed, 'released');
    append(step, { verb: 'release', outcome: 'released', changes }, subject, trail);
    return { ...written(step), outcome: 'released', ...held(holdId, ended) };
  }
  const costMs = (seats.length - hold.seats.length) * (hold.deadlineMs - step.nowMs);
  charge(step, budgetsOf(step, hold), costMs);
  const amended = { ...changed, seats, quote, chargedMs: hold.chargedMs + costMs };
  step.state.holds.set(holdId, amended);
  if (changes.length > 0) {
    append(step, { verb: 'amend', outcome: 'amended', changes }, subject, trail);
  }
  return { ...written(step), outcome: 'amended', ...held(holdId, amended) };
}

/** Adds the op that made the present rev; the oldest beyond the limit is forgotten. */
export function rememberOp(
  hold: HoldRecord,
  op: { readonly opId: string; readonly bodyHash: string },
): HoldRecord {
  const ops = [...hold.ops, { opId: op.opId, bodyHash: op.bodyHash, rev: hold.rev }];
  return { ...hold, ops: ops.slice(-APPLIED_OPS_MAX) };
}
