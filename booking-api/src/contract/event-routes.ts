import { chartSchema } from './chart.ts';
import { eventListSchema, eventSchema } from './event.ts';
import { chartHashField } from './fields.ts';
import {
  CHART_HEADER,
  POSITION_HEADER,
  SEAT_COUNT_HEADER,
  SEATS_MEDIA_TYPE,
} from './header-names.ts';
import type { Route } from './route.ts';
import { createSessionSchema, sessionSchema } from './session.ts';

/** What anybody may call. */
export const EVENT_ROUTES = {
  createSession: {
    summary: 'Become an anonymous shopper',
    access: 'open',
    class: 'session',
    body: createSessionSchema,
    answers: { 201: { description: 'A token for the calls that need one', schema: sessionSchema } },
    problems: [],
  },
  listEvents: {
    summary: 'List the events; drafts are shown to operators only',
    access: 'optional',
    class: 'read',
    answers: { 200: { description: 'The events, next one first', schema: eventListSchema } },
    problems: [],
  },
  readEvent: {
    summary: 'Read one event with sale state and policy',
    access: 'optional',
    class: 'read',
    requestHeaders: ['If-None-Match'],
    answers: {
      200: { description: 'The event', schema: eventSchema, headers: ['ETag'] },
      304: { description: 'It is still the version you have', headers: ['ETag'] },
    },
    problems: ['event.unknown'],
  },
  readChart: {
    summary: 'Read geometry and prices; under its hash a chart never changes',
    access: 'optional',
    class: 'read',
    query: { hash: chartHashField.optional() },
    requestHeaders: ['If-None-Match'],
    answers: {
      200: {
        description: 'The chart; cacheable for ever when asked for by hash',
        schema: chartSchema,
        headers: ['ETag', 'Cache-Control', CHART_HEADER],
      },
      304: { description: 'It is still the chart you have', headers: ['ETag'] },
    },
    problems: ['event.unknown', 'chart.unknown', 'request.invalid'],
  },
  readSeats: {
    summary: 'Read the state of all seats at two bits each, sections starting on a byte',
    access: 'optional',
    class: 'read',
    requestHeaders: ['If-None-Match'],
    answers: {
      200: {
        description: 'The snapshot; 0 available, 1 held, 2 booked, 3 blocked, low bits first',
        media: SEATS_MEDIA_TYPE,
        headers: ['ETag', CHART_HEADER, SEAT_COUNT_HEADER, POSITION_HEADER],
      },
      304: { description: 'Nothing has changed since', headers: ['ETag'] },
    },
    problems: ['event.unknown', 'event.loading'],
  },
} as const satisfies Record<string, Route>;
