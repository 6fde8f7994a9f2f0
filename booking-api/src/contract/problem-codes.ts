/**
 * Every refusal that this API knows, in one table. The code is stable; titles may be polished.
 * `next` tells a program what to do, `advice` a person:
 *
 * - `fix`: the request itself is wrong; sending it again changes nothing.
 * - `refresh`: something moved; read it again, then decide.
 * - `retry`: the same request again, after `retryAfterMs` where it is given.
 * - `sign-in`: get a new token first.
 * - `stop`: it is over, or not yours to do.
 */
export type NextStep = 'fix' | 'refresh' | 'retry' | 'sign-in' | 'stop';

type ProblemEntry = {
  readonly status: number;
  readonly title: string;
  readonly next: NextStep;
  readonly advice: string;
};

export const PROBLEMS = {
  'request.malformed': {
    status: 400,
    title: 'The body is not JSON',
    next: 'fix',
    advice: 'Send one JSON object in UTF-8.',
  },
  'header.invalid': {
    status: 400,
    title: 'A header cannot be read',
    next: 'fix',
    advice: 'Correct the header that the errors name.',
  },
  'token.missing': {
    status: 401,
    title: 'A token is needed',
    next: 'sign-in',
    advice: 'Ask POST /v1/sessions for a token and send it as "Authorization: Bearer <token>".',
  },
  'token.invalid': {
    status: 401,
    title: 'The token is not valid',
    next: 'sign-in',
    advice: 'Ask for a new token; this one is not from here or was altered.',
  },
  'token.expired': {
    status: 401,
    title: 'The token has expired',
    next: 'sign-in',
    advice: 'Ask for a new token.',
  },
  'route.unknown': {
    status: 404,
    title: 'There is nothing at this address',
    next: 'fix',
    advice: 'See /openapi.json for the addresses of this API.',
  },
  'event.unknown': {
    status: 404,
    title: 'There is no such event',
    next: 'stop',
    advice: 'Choose an event from GET /v1/events.',
  },
  'hold.unknown': {
    status: 404,
    title: 'You have no such hold',
    next: 'stop',
    advice: 'Read your holds with GET /v1/events/{event}/holds, or place a new one.',
  },
  'chart.unknown': {
    status: 404,
    title: 'The event has no such chart',
    next: 'refresh',
    advice: 'Read the event for the hash of its present chart.',
  },
  'method.not-allowed': {
    status: 405,
    title: 'This address does not take this method',
    next: 'fix',
    advice: 'Use one of the methods in the Allow header.',
  },
  'request.timeout': {
    status: 408,
    title: 'The request did not arrive in time',
    next: 'retry',
    advice: 'Send it again on a better connection.',
  },
  'seats.unavailable': {
    status: 409,
    title: 'Somebody was faster',
    next: 'refresh',
    advice: 'Choose other seats; the taken ones are listed.',
  },
  'hold.exists': {
    status: 409,
    title: 'You already hold seats at this event',
    next: 'refresh',
    advice: 'Change the hold that is attached with PATCH, or release it first.',
  },
  'hold.changed': {
    status: 409,
    title: 'The hold has changed meanwhile',
    next: 'refresh',
    advice: 'Look at the attached hold and use its rev.',
  },
  'hold.overdue': {
    status: 409,
    title: 'The time of the hold is over',
    next: 'refresh',
    advice: 'Place a new hold; the seats are about to be free again.',
  },
  'hold.ended': {
    status: 409,
    title: 'The hold has ended',
    next: 'stop',
    advice: 'Place a new hold.',
  },
  'hold.confirming': {
    status: 409,
    title: 'The hold is being booked',
    next: 'stop',
    advice: 'Wait for the answer to the booking.',
  },
  'hold.booked': {
    status: 409,
    title: 'The hold has become a booking',
    next: 'stop',
    advice: 'Nothing to do: the seats are yours.',
  },
  'extend.limit': {
    status: 409,
    title: 'The hold cannot be extended further',
    next: 'stop',
    advice: 'Finish before its deadline.',
  },
  'chart.changed': {
    status: 409,
    title: 'The seating plan has changed',
    next: 'refresh',
    advice: 'Read the event and its chart again; labels may mean other seats now.',
  },
  'chart.pinned': {
    status: 409,
    title: 'The seating plan is fixed once the sale has opened',
    next: 'stop',
    advice: 'Create a new event for another plan.',
  },
  'chart.blocked': {
    status: 409,
    title: 'The seating plan cannot change while seats are blocked',
    next: 'fix',
    advice: 'Unblock all seats, change the plan, then block again.',
  },
  'event.exists': {
    status: 409,
    title: 'There is an event of this id',
    next: 'fix',
    advice: 'Choose another id.',
  },
  'event.changed': {
    status: 409,
    title: 'The event has changed meanwhile',
    next: 'retry',
    advice: 'Read the event again, then repeat the request if it is still what you want.',
  },
  'sale.closed': {
    status: 409,
    title: 'Seats cannot be held at the moment',
    next: 'stop',
    advice: 'The sale is not open; its state is attached.',
  },
  'sale.illegal': {
    status: 409,
    title: 'The sale cannot take this step',
    next: 'refresh',
    advice: 'A sale goes from draft to open, between open and paused, and from both to closed.',
  },
  'hold.precondition': {
    status: 412,
    title: 'The hold is at another rev than If-Match says',
    next: 'refresh',
    advice: 'Look at the attached hold and use its rev.',
  },
  'event.precondition': {
    status: 412,
    title: 'The event is at another version than If-Match says',
    next: 'refresh',
    advice: 'Read the event again and use its ETag.',
  },
  'request.too-large': {
    status: 413,
    title: 'The body is too large',
    next: 'fix',
    advice: 'Send fewer seats in one request.',
  },
  'request.media-type': {
    status: 415,
    title: 'The body is not of a known type',
    next: 'fix',
    advice: 'Send "Content-Type: application/json" without Content-Encoding.',
  },
  'request.invalid': {
    status: 422,
    title: 'The request is not understood',
    next: 'fix',
    advice: 'Correct what the errors name.',
  },
  'seats.unknown': {
    status: 422,
    title: 'The chart has no such seats',
    next: 'fix',
    advice: 'Use the labels of the chart; the unknown ones are listed.',
  },
  'seats.too-many': {
    status: 422,
    title: 'Too many seats for one hold',
    next: 'fix',
    advice: 'Choose at most as many seats as the policy of the event allows.',
  },
  'chart.invalid': {
    status: 422,
    title: 'The seating plan has errors',
    next: 'fix',
    advice: 'Correct the places that the errors name.',
  },
  'idempotency.mismatch': {
    status: 422,
    title: 'This Idempotency-Key was used with another body',
    next: 'fix',
    advice: 'Use a new key for a new request.',
  },
  'precondition.required': {
    status: 428,
    title: 'The rev of the hold is needed',
    next: 'fix',
    advice: 'Send the rev that you have seen, in the body or as If-Match.',
  },
  'rate.limited': {
    status: 429,
    title: 'Too many requests',
    next: 'retry',
    advice: 'Wait as long as Retry-After says.',
  },
  'budget.spent': {
    status: 429,
    title: 'Seats were held for too long without being bought',
    next: 'retry',
    advice: 'Buy what you hold, choose as few seats as are allowed now, or wait for Retry-After.',
  },
  'header.too-large': {
    status: 431,
    title: 'The headers are too large',
    next: 'fix',
    advice: 'Send fewer or shorter headers.',
  },
  'server.fault': {
    status: 500,
    title: 'Something went wrong on our side',
    next: 'retry',
    advice: 'Try again; if it stays so, report the request id.',
  },
  'event.loading': {
    status: 503,
    title: 'The event is being made ready',
    next: 'retry',
    advice: 'Try again in a moment.',
  },
  'store.unavailable': {
    status: 503,
    title: 'Seats cannot be reached at the moment',
    next: 'retry',
    advice: 'Nothing was changed; try again in a moment.',
  },
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof PROBLEMS;

// Object.keys forgets the literal types that `satisfies` just checked.
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
