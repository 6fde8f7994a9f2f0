import {
  EVENT_ID_PATTERN,
  HOLD_ID_PATTERN,
  LINE_PATTERN,
  OWNER_ID_PATTERN,
  POLICY_BOUNDS,
  type Policy,
} from '@holdfast/db/model';
import { z } from 'zod';
import {
  INSTANT_LENGTH_MAX,
  NAME_LENGTH_MAX,
  SEAT_LABEL_LENGTH_MAX,
  SEATS_PER_REQUEST_MAX,
} from './limits.ts';

/** The words that requests and answers are made of. */

export const eventIdField = z.string().regex(EVENT_ID_PATTERN);
export const holdIdField = z.string().regex(HOLD_ID_PATTERN);
export const ownerIdField = z.string().regex(OWNER_ID_PATTERN);

/** Names inside a chart; whether one may be empty is judged where charts are parsed. */
export const lineField = z.string().max(NAME_LENGTH_MAX).regex(LINE_PATTERN);
export const nameField = lineField.min(1);
export const seatLabelField = z.string().min(1).max(SEAT_LABEL_LENGTH_MAX).regex(LINE_PATTERN);
export const seatLabelsField = z.array(seatLabelField).min(1).max(SEATS_PER_REQUEST_MAX);

/** Hex digest of the chart's text. */
export const chartHashField = z.string().regex(/^[0-9a-f]{16,64}$/);

/** RFC 3339 in UTC, as in `2027-06-01T19:30:00Z`; its own form allows any number of decimals. */
export const instantField = z.iso.datetime().max(INSTANT_LENGTH_MAX);

/** Grows by one with every change of a hold. */
export const revField = z.int().min(1);

/** Minor units, as in 4500 for 45.00. */
export const amountField = z.int().min(0);

/** ISO 4217. */
export const currencyField = z.string().regex(/^[A-Z]{3}$/);

export const saleStateField = z.enum(['draft', 'open', 'paused', 'closed']);
export const seatStateField = z.enum(['available', 'held', 'booked', 'blocked']);

export const positionSchema = z.strictObject({
  epoch: z.string().regex(/^[0-9]{1,20}$/),
  offset: z.int().min(0),
  chain: z.string().regex(/^[0-9a-f]{16}$/),
});

function bounded(key: keyof Policy) {
  const [least, most] = POLICY_BOUNDS[key];
  return z.int().min(least).max(most);
}

export const policySchema = z.strictObject({
  holdTtlMs: bounded('holdTtlMs'),
  extendMs: bounded('extendMs'),
  maxExtensions: bounded('maxExtensions'),
  maxTotalMs: bounded('maxTotalMs'),
  maxSeats: bounded('maxSeats'),
  ownerBudgetMs: bounded('ownerBudgetMs'),
  addressBudgetMs: bounded('addressBudgetMs'),
  budgetRefillMs: bounded('budgetRefillMs'),
});
