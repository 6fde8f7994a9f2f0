import { chartSchema } from './chart.ts';
import { createEventSchema, eventSchema } from './event.ts';
import { holdSchema } from './hold.ts';
import { BLOCK_BODY_BYTES_MAX, CHART_BODY_BYTES_MAX } from './limits.ts';
import {
  blockedSchema,
  blockSeatsSchema,
  changeSaleSchema,
  statsSchema,
  unblockSeatsSchema,
  unsettledSchema,
} from './operator.ts';
import type { Answer, Route } from './route.ts';

const UNSETTLED: Answer & { readonly schema: typeof unsettledSchema } = {
  description: 'Not settled yet: send the same request again',
  schema: unsettledSchema,
  headers: ['Retry-After'],
};

/** What needs the role `operator`; to everybody else these addresses do not exist. */
export const OPERATOR_ROUTES = {
  createEvent: {
    summary: 'Create an event as a draft',
    access: 'operator',
    class: 'operator',
    body: createEventSchema,
    bodyBytesMax: CHART_BODY_BYTES_MAX,
    answers: {
      201: { description: 'The draft', schema: eventSchema, headers: ['ETag', 'Location'] },
    },
    problems: ['event.exists', 'chart.invalid', 'chart.unknown'],
  },
  replaceChart: {
    summary: 'Replace the chart of a draft without blocked seats',
    access: 'operator',
    class: 'operator',
    requestHeaders: ['If-Match'],
    body: chartSchema,
    bodyBytesMax: CHART_BODY_BYTES_MAX,
    answers: { 200: { description: 'The event', schema: eventSchema, headers: ['ETag'] } },
    problems: [
      'event.unknown',
      'event.changed',
      'event.precondition',
      'chart.pinned',
      'chart.blocked',
      'chart.invalid',
    ],
  },
  blockSeats: {
    summary: 'Take seats out of the sale',
    access: 'operator',
    class: 'operator',
    body: blockSeatsSchema,
    bodyBytesMax: BLOCK_BODY_BYTES_MAX,
    answers: {
      200: { description: 'What was blocked and what stayed', schema: blockedSchema },
      202: UNSETTLED,
    },
    problems: ['event.unknown', 'event.loading', 'chart.changed', 'seats.unknown'],
  },
  unblockSeats: {
    summary: 'Put blocked seats back on sale',
    access: 'operator',
    class: 'operator',
    body: unblockSeatsSchema,
    bodyBytesMax: BLOCK_BODY_BYTES_MAX,
    answers: {
      200: { description: 'What was unblocked', schema: blockedSchema },
      202: UNSETTLED,
    },
    problems: ['event.unknown', 'event.loading', 'chart.changed', 'seats.unknown'],
  },
  changeSale: {
    summary: 'Open, pause or close the sale; opening it fixes the chart',
    access: 'operator',
    class: 'operator',
    requestHeaders: ['If-Match'],
    body: changeSaleSchema,
    answers: {
      200: { description: 'The event', schema: eventSchema, headers: ['ETag'] },
      202: UNSETTLED,
    },
    problems: [
      'event.unknown',
      'event.loading',
      'event.changed',
      'event.precondition',
      'sale.illegal',
    ],
  },
  revokeHold: {
    summary: "End somebody's hold",
    access: 'operator',
    class: 'operator',
    answers: {
      200: { description: 'The hold has ended', schema: holdSchema, headers: ['ETag'] },
      202: UNSETTLED,
    },
    problems: ['event.unknown', 'event.loading', 'hold.unknown', 'hold.confirming', 'hold.booked'],
  },
  readStats: {
    summary: 'Count the seats by state, in all and by section',
    access: 'operator',
    class: 'operator',
    answers: { 200: { description: 'The counts', schema: statsSchema } },
    problems: ['event.unknown', 'event.loading'],
  },
} as const satisfies Record<string, Route>;
