import {
  type Blocker,
  type BudgetLeft,
  type ClockJumped,
  type EventId,
  type HeldSeat,
  type SaleState,
  SEAT_STATE_NAMES,
  type Stamp,
} from '@holdfast/db/model';
import type { Hold } from '../contract/door.ts';
import { RETRY_SOON_MS, type Refusal, refuse } from '../edge/refusal.ts';
import type { HoldParts } from './hold-parts.ts';
import { loadingEvent, type OpenEvent } from './open-event.ts';
import { showHold } from './show-hold.ts';

type ReplyWithHold = HeldSeat & {
  readonly outcome:
    | 'placed'
    | 'replayed'
    | 'amended'
    | 'extended'
    | 'released'
    | 'revoked'
    | keyof typeof HOLD_DETAILS;
};

/** Whatever the machine says to a change of a hold. */
export type HoldReply = Stamp &
  (
    | ReplyWithHold
    | ClockJumped
    | { readonly outcome: 'seats.unavailable'; readonly blockers: readonly Blocker[] }
    | { readonly outcome: 'sale.closed'; readonly sale: SaleState }
    | ({ readonly outcome: 'budget.spent'; readonly budget: BudgetLeft } & Partial<HeldSeat>)
    | {
        readonly outcome:
          | 'seats.overdue'
          | 'seats.invalid'
          | 'seats.too-many'
          | 'chart.changed'
          | 'idempotency.mismatch'
          | 'hold.unknown'
          | 'event.loading';
      }
  );

export type HoldOutcome = { readonly kind: 'hold'; readonly hold: Hold } | Refusal;

const HOLD_DETAILS = {
  'hold.exists': 'You have a live hold at this event; it is attached.',
  'hold.changed': 'The hold is at another rev than the one given.',
  'hold.overdue': 'The deadline of the hold has passed.',
  'hold.confirming': 'The hold is being booked and cannot be changed.',
  'hold.booked': 'The hold has become a booking.',
  'hold.ended': 'The hold has ended before.',
  'extend.limit': 'No extension is left for this hold.',
} as const;

/** The machine's outcome in the words of the wire: the hold, or why not. */
export function outcomeOf(parts: HoldParts, open: OpenEvent, reply: HoldReply): HoldOutcome {
  const { id, policy } = open.document;
  switch (reply.outcome) {
    case 'placed':
    case 'replayed':
    case 'amended':
    case 'extended':
    case 'released':
    case 'revoked':
      return { kind: 'hold', hold: showHold(open, reply) };
    case 'hold.exists':
    case 'hold.changed':
    case 'hold.overdue':
    case 'hold.confirming':
    case 'hold.booked':
    case 'hold.ended':
    case 'extend.limit':
      return refuse(reply.outcome, HOLD_DETAILS[reply.outcome], { hold: showHold(open, reply) });
    case 'seats.unavailable':
      return refuse('seats.unavailable', 'Not all of these seats are free.', {
        seats: reply.blockers.map((blocker) => showBlocker(open, blocker)),
      });
    case 'seats.overdue':
      return refuse('seats.unavailable', 'Seats whose hold is just ending cannot be had yet.', {
        retryAfterMs: RETRY_SOON_MS,
      });
    case 'sale.closed':
      return refuse('sale.closed', `The sale of this event is ${reply.sale}.`, {
        sale: reply.sale,
      });
    case 'clock.jumped':
      return refuse('store.unavailable', 'The clock of the seats is being set right.', {
        retryAfterMs: RETRY_SOON_MS,
      });
    case 'budget.spent':
      return overBudget(parts, open, reply);
    case 'seats.too-many':
      return refuse('seats.too-many', `A hold may have at most ${policy.maxSeats} seats.`);
    case 'seats.invalid':
    case 'chart.changed':
      return changedChart(parts, id);
    case 'idempotency.mismatch':
      return refuse('idempotency.mismatch', 'The key stands for another request.');
    case 'hold.unknown':
      return unknownHold();
    case 'event.loading':
      return loadingEvent(parts, id);
  }
}

/** Too much was held without being bought, by this shopper or by others of the same network. */
function overBudget(
  parts: HoldParts,
  open: OpenEvent,
  { budget, holdId, hold, ...stamp }: Stamp & { budget: BudgetLeft } & Partial<HeldSeat>,
): Refusal {
  const { mostSeats, retryAfterMs, whose } = budget;
  parts.budgets.refused(whose);
  const from = whose === 'owner' ? 'You have held seats' : 'From your network seats were held';
  const now =
    mostSeats === 0 ? 'no more time or seats are given' : `a hold may have at most ${mostSeats}`;
  const shown =
    holdId === undefined || hold === undefined
      ? {}
      : { hold: showHold(open, { ...stamp, holdId, hold }) };
  return refuse('budget.spent', `${from} for long without buying them; for now ${now}.`, {
    mostSeats,
    retryAfterMs,
    ...shown,
  });
}

/** The document this process knew is older than the truth: it is read anew next time. */
export function changedChart(parts: Pick<HoldParts, 'events'>, event: EventId): Refusal {
  parts.events.forget(event);
  return refuse('chart.changed', 'The seats were chosen on another seating plan.');
}

export function unknownHold(): Refusal {
  return refuse('hold.unknown', 'You have no hold of this id at this event.');
}

export function showBlocker(open: OpenEvent, { seat, state, mine }: Blocker) {
  return { label: open.chart.labelOf(seat), state: SEAT_STATE_NAMES[state], mine };
}
