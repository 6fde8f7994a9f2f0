import type { PlaceCommand, PlaceReply } from '../hold-commands.ts';
import type { HoldRecord } from '../hold-record.ts';
import type { HoldId } from '../ids.ts';
import { type Budget, brake, budgetsOf, charge } from './budget.ts';
import { clockCheck } from './clock-check.ts';
import { findBlockers, refuseSeats } from './seat-rules.ts';
import {
  append,
  basketOf,
  held,
  isLoading,
  isOverdue,
  type Step,
  writeSeat,
  written,
} from './step.ts';

export function place(step: Step, command: PlaceCommand): PlaceReply {
  const { state } = step;
  const refused = replayOrRefuse(step, command);
  if (refused !== null) return refused;

  const stale: HoldId[] = [];
  const basket = basketOf(state, command.owner);
  const standing = basket === null ? undefined : state.holds.get(basket);
  if (basket !== null && standing !== undefined) {
    if (!isOverdue(step, standing)) {
      return { ...written(step), outcome: 'hold.exists', ...held(basket, standing) };
    }
    stale.push(basket);
  }
  const { taken, overdue, alive } = findBlockers(step, command.seats, command.owner, stale);
  if (alive) return { ...written(step), outcome: 'seats.unavailable', blockers: taken };
  if (overdue.length > 0) return { ...written(step), outcome: 'seats.overdue', overdue };

  const jumped = clockCheck(step, command.seen);
  if (jumped !== null) return { ...written(step), ...jumped };

  const budgets = budgetsOf(step, command);
  const { divisor, spent } = brake(budgets, command.seats.length, state.policy);
  if (spent !== null) return { ...written(step), outcome: 'budget.spent', budget: spent };
  const ttlMs = Math.floor(state.policy.holdTtlMs / divisor);
  return { ...hold(step, command, ttlMs, budgets), outcome: 'placed' };
}

function replayOrRefuse(step: Step, command: PlaceCommand): PlaceReply | null {
  const { state } = step;
  if (isLoading(state)) return { ...written(step), outcome: 'event.loading' };
  const known = state.holds.get(command.holdId);
  if (known !== undefined) {
    if (known.owner !== command.owner) return { ...written(step), outcome: 'hold.unknown' };
    return { ...written(step), outcome: 'replayed', ...held(command.holdId, known) };
  }
  const first = state.idem.get(command.idemField);
  if (command.idemField !== '' && first !== undefined) {
    if (first.bodyHash !== command.bodyHash) {
      return { ...written(step), outcome: 'idempotency.mismatch' };
    }
    const earlier = state.holds.get(first.holdId);
    if (earlier !== undefined) {
      return { ...written(step), outcome: 'replayed', ...held(first.holdId, earlier) };
    }
  }
  if (state.sale !== 'open') {
    return { ...written(step), outcome: 'sale.closed', sale: state.sale };
  }
  if (state.chartHash !== command.chartHash) return { ...written(step), outcome: 'chart.changed' };
  const wrong = refuseSeats(step, command.seats, state.policy.maxSeats);
  if (wrong !== null) return { ...written(step), outcome: wrong };
  if (command.seats.length === 0) return { ...written(step), outcome: 'seats.invalid' };
  return null;
}

function hold(step: Step, command: PlaceCommand, ttlMs: number, budgets: readonly Budget[]) {
  const { state, nowMs } = step;
  const { holdId, owner, seats, quote, idemField, bodyHash, addressHash, trail } = command;
  const record: HoldRecord = {
    owner,
    status: 'held',
    deadlineMs: nowMs + ttlMs,
    rev: 1,
    extensions: 0,
    placedAtMs: nowMs,
    seats,
    quote,
    idemField,
    begunAtMs: 0,
    sentAtMs: 0,
    ops: [],
    addressHash,
    chargedMs: seats.length * ttlMs,
  };
  state.holds.set(holdId, record);
  if (idemField !== '') state.idem.set(idemField, { holdId, bodyHash });
  state.owned.add(`${owner}/${holdId}`);
  state.due.set(holdId, record.deadlineMs);
  charge(step, budgets, record.chargedMs);
  for (const seat of seats) writeSeat(step, seat, `h:${holdId}`);
  const changes = seats.map((seat) => `${seat}:-:h`);
  append(step, { verb: 'place', outcome: 'placed', changes }, { id: holdId, owner }, trail);
  return { ...written(step), ...held(holdId, record) };
}
