import {
  amendHoldSchema,
  extendHoldSchema,
  holdListSchema,
  holdSchema,
  pendingSchema,
  placeHoldSchema,
} from './hold.ts';
import type { Answer, Route } from './route.ts';

const HOLD: Answer & { readonly schema: typeof holdSchema } = {
  description: 'The hold',
  schema: holdSchema,
  headers: ['ETag'],
};

const PENDING: Answer & { readonly schema: typeof pendingSchema } = {
  description: 'Not settled yet: look at Location, or send the same request again',
  schema: pendingSchema,
  headers: ['Location', 'Retry-After'],
};

const OF_A_HOLD = ['event.unknown', 'event.loading', 'hold.unknown'] as const;
const OF_A_CHANGE = [
  ...OF_A_HOLD,
  'hold.changed',
  'hold.precondition',
  'hold.confirming',
  'hold.booked',
] as const;
const OF_A_CHOICE = [
  'chart.changed',
  'sale.closed',
  'seats.unavailable',
  'seats.unknown',
  'seats.too-many',
  'budget.spent',
  'idempotency.mismatch',
] as const;

/** What a shopper may call; another shopper's hold is `hold.unknown` like one that never was. */
export const HOLD_ROUTES = {
  placeHold: {
    summary: 'Hold seats for a short time, all or none',
    access: 'shopper',
    class: 'hold',
    requestHeaders: ['Idempotency-Key'],
    body: placeHoldSchema,
    answers: {
      201: { ...HOLD, description: 'The seats are yours', headers: ['ETag', 'Location'] },
      202: PENDING,
    },
    problems: [...OF_A_HOLD, 'hold.exists', ...OF_A_CHOICE],
  },
  listHolds: {
    summary: 'List your live holds at this event; there is at most one',
    access: 'shopper',
    class: 'read',
    answers: { 200: { description: 'Your holds', schema: holdListSchema } },
    problems: ['event.unknown', 'event.loading'],
  },
  readHold: {
    summary: 'Read a hold of yours, also for a while after its end',
    access: 'shopper',
    class: 'read',
    answers: { 200: HOLD },
    problems: OF_A_HOLD,
  },
  amendHold: {
    summary: 'Add and drop seats in one step, all or nothing; the deadline stays',
    access: 'shopper',
    class: 'hold',
    requestHeaders: ['Idempotency-Key', 'If-Match'],
    body: amendHoldSchema,
    answers: { 200: HOLD, 202: PENDING },
    problems: [
      ...OF_A_CHANGE,
      ...OF_A_CHOICE,
      'hold.overdue',
      'hold.ended',
      'precondition.required',
    ],
  },
  releaseHold: {
    summary: 'Give all seats of a hold back; with If-Match only at that rev',
    access: 'shopper',
    class: 'hold',
    requestHeaders: ['If-Match'],
    answers: { 200: { ...HOLD, description: 'The hold has ended' }, 202: PENDING },
    problems: OF_A_CHANGE,
  },
  extendHold: {
    summary: 'Move the deadline of a hold, as often as the policy allows',
    access: 'shopper',
    class: 'hold',
    requestHeaders: ['Idempotency-Key', 'If-Match'],
    body: extendHoldSchema,
    answers: { 200: HOLD, 202: PENDING },
    problems: [
      ...OF_A_CHANGE,
      'hold.overdue',
      'hold.ended',
      'extend.limit',
      'budget.spent',
      'sale.closed',
      'idempotency.mismatch',
      'precondition.required',
    ],
  },
} as const satisfies Record<string, Route>;
