import { z } from 'zod';
import {
  amountField,
  chartHashField,
  currencyField,
  eventIdField,
  holdIdField,
  instantField,
  positionSchema,
  revField,
  seatLabelField,
  seatLabelsField,
} from './fields.ts';

export const holdStatusField = z.enum([
  'held',
  'confirming',
  'booked',
  'released',
  'expired',
  'revoked',
  'rejected',
  'cancelled',
]);

export const quoteSchema = z.strictObject({
  currency: currencyField,
  total: amountField,
  seats: z.array(z.strictObject({ label: seatLabelField, amount: amountField })),
});

/**
 * A hold as its owner sees it. `deadline` and `at` are read from the clock that judges deadlines;
 * a caller counts down `remainingMs` on a monotonic clock of its own and never compares clocks.
 */
export const holdSchema = z.strictObject({
  id: holdIdField,
  event: eventIdField,
  status: holdStatusField,
  seats: z.array(seatLabelField),
  rev: revField,
  deadline: instantField,
  remainingMs: z.int().min(0),
  extensionsLeft: z.int().min(0),
  quote: quoteSchema,
  /** The instant at which all this was true. */
  at: instantField,
  position: positionSchema,
});
export type Hold = z.infer<typeof holdSchema>;

export const holdListSchema = z.strictObject({ holds: z.array(holdSchema) });
export type HoldList = z.infer<typeof holdListSchema>;

/** Nobody knows yet whether the request was done: look at `id`, or send the same request again. */
export const pendingSchema = z.strictObject({
  id: holdIdField,
  event: eventIdField,
  status: z.literal('pending'),
  retryAfterMs: z.int().min(0),
});
export type Pending = z.infer<typeof pendingSchema>;

export const placeHoldSchema = z.strictObject({
  seats: seatLabelsField,
  chartHash: chartHashField,
});
export type PlaceHold = z.infer<typeof placeHoldSchema>;

/** `rev` may stand in `If-Match` instead. A seat cannot be added and dropped at once. */
export const amendHoldSchema = z
  .strictObject({
    rev: revField.optional(),
    add: seatLabelsField.optional(),
    drop: seatLabelsField.optional(),
    chartHash: chartHashField,
  })
  .refine((body) => body.add !== undefined || body.drop !== undefined, {
    message: 'name seats to add or to drop',
  })
  .refine((body) => !body.add?.some((label) => body.drop?.includes(label)), {
    message: 'a seat is in both lists',
    path: ['drop'],
  });
export type AmendHold = z.infer<typeof amendHoldSchema>;

export const extendHoldSchema = z.strictObject({ rev: revField.optional() });
export type ExtendHold = z.infer<typeof extendHoldSchema>;
