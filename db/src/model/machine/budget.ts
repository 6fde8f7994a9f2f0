import { ownerHash } from '../feed-record.ts';
import type { BudgetLeft } from '../hold-commands.ts';
import type { OwnerId } from '../ids.ts';
import type { Policy } from '../policy.ts';
import type { EventState } from './event-state.ts';

/**
 * The guard against denial of inventory: whoever holds seats again and again without buying them
 * takes them from everybody, though no single hold breaks a rule. So an event keeps a budget of
 * unbought seat-time (seats times milliseconds) for each owner and for each address.
 *
 * - A budget is a leaky bucket. Its level is what was charged; it sinks evenly and is back at 0
 *   after `budgetRefillMs` from full. Nothing but `(level, at)` is kept, and nothing for who is at 0.
 * - **Charged is at once, up to the deadline**: placing and adding cost seats times the time left,
 *   extending costs the time gained. What was not used comes back when seats are given back, taken
 *   away or rejected before the deadline. So it does not matter who ends a hold or when a worker
 *   comes by, and releasing a millisecond before the deadline saves a millisecond.
 * - **Booking gives all of it back**, and cancelling that booking takes it again (while Redis still
 *   knows the hold, a day): book and cancel is no way around.
 * - A hold is charged to its owner and to the network that placed it, whoever changes it later. Many
 *   owners behind one address share its budget; one owner with many addresses has but one.
 * - **The brake.** Up to half a budget nothing is felt. Beyond it fresh holds get half the time and
 *   half the seats and extensions half their length; beyond three quarters a quarter of each; when
 *   it is spent nothing more is granted: `budget.spent`, which says how many seats would be granted
 *   now and how long to wait for those that were asked for. The tighter of the two budgets decides.
 *   Giving back and swapping are always allowed, and deadlines that were told stay.
 *
 * What follows, and is tested: in any time T the unbought seat-time of an owner or address is at most
 * `budget * (1 + T / budgetRefillMs)` and one hold. Who has as many owners AND addresses as they like
 * is bounded by their number only.
 *
 * When it fails: budgets are in Redis with the holds. A Redis that comes back empty or old has
 * forgotten them as well, which is in favour of the caller. After a clock jump that was not rebased
 * yet a budget may sink too far; one that was written by a clock ahead of ours waits for it.
 */
export type Budget = {
  readonly whose: BudgetLeft['whose'];
  readonly field: string;
  readonly sizeMs: number;
  readonly levelMs: number;
};

type Step = { readonly state: EventState; readonly nowMs: number };

/** The budgets that the event keeps of these two, each with its level now. */
export function budgetsOf(
  { state, nowMs }: Step,
  { owner, addressHash }: { readonly owner: OwnerId; readonly addressHash: string },
): Budget[] {
  const { policy } = state;
  const budgets: Budget[] = [];
  const add = (whose: Budget['whose'], sizeMs: number, hash: string): void => {
    if (sizeMs === 0 || hash === '') return;
    const field = `${whose}:${hash}`;
    budgets.push({ whose, field, sizeMs, levelMs: levelOf(state, field, sizeMs, nowMs) });
  };
  add('owner', policy.ownerBudgetMs, ownerHash(owner));
  add('address', policy.addressBudgetMs, addressHash);
  return budgets;
}

/** What is left of a level after the time since it was written. */
export function levelOf(state: EventState, field: string, sizeMs: number, nowMs: number): number {
  const { levelMs, atMs } = state.budgets.get(field) ?? { levelMs: 0, atMs: 0 };
  const { budgetRefillMs } = state.policy;
  const leakedMs = Math.floor((Math.max(0, nowMs - atMs) * sizeMs) / budgetRefillMs);
  return Math.max(0, levelMs - leakedMs);
}

/** A negative amount gives back, never below nothing. */
export function charge({ state, nowMs }: Step, budgets: readonly Budget[], seatMs: number): void {
  if (seatMs === 0) return;
  for (const { field, levelMs } of budgets) {
    state.budgets.set(field, { levelMs: Math.max(0, levelMs + seatMs), atMs: nowMs });
  }
}

export type Brake = {
  /** Times and seats are divided by it. */
  readonly divisor: 1 | 2 | 4;
  /** Why so many seats are not granted, if they are not. */
  readonly spent: BudgetLeft | null;
};

/** How far these budgets slow down a hold of `wanted` seats. */
export function brake(budgets: readonly Budget[], wanted: number, policy: Policy): Brake {
  const { maxSeats, budgetRefillMs } = policy;
  const half = Math.ceil(maxSeats / 2);
  const quarter = Math.ceil(maxSeats / 4);
  let divisor: Brake['divisor'] = 1;
  let mostSeats = maxSeats;
  let spent: BudgetLeft | null = null;
  for (const { levelMs, sizeMs, whose } of budgets) {
    if (levelMs * 4 > sizeMs * 3 || levelMs >= sizeMs) divisor = 4;
    else if (levelMs * 2 > sizeMs) divisor = divisor === 1 ? 2 : divisor;
    if (levelMs >= sizeMs) mostSeats = 0;
    else if (levelMs * 4 > sizeMs * 3) mostSeats = Math.min(mostSeats, quarter);
    else if (levelMs * 2 > sizeMs) mostSeats = Math.min(mostSeats, half);
    // The highest level at which so many seats are granted, and how long it takes to sink to it.
    const parts = wanted <= half ? 3 : 2;
    const enoughMs = wanted <= quarter ? sizeMs - 1 : Math.floor((sizeMs * parts) / 4);
    const waitMs = Math.ceil((Math.max(0, levelMs - enoughMs) * budgetRefillMs) / sizeMs);
    if (waitMs > (spent?.retryAfterMs ?? 0)) spent = { mostSeats, retryAfterMs: waitMs, whose };
  }
  return { divisor, spent: spent === null ? null : { ...spent, mostSeats } };
}
