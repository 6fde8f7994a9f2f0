import { isCount, isPlainObject } from './decoded.ts';

/**
 * Every "no" of a hub carries the next step, so that no client has to guess from a text:
 * - `reload`: this page is older than the hub; load it anew, once;
 * - `login`: get a fresh token, then connect again;
 * - `retry`: connect or ask again after `retryAfterMs` and a jitter of one's own;
 * - `watch`: the connection is fine, ask `watch` again;
 * - `stop`: it will not get better by itself; tell the person.
 */
export type NextStep = 'reload' | 'login' | 'retry' | 'watch' | 'stop';

export type RefusalCode = keyof typeof REFUSALS;

export type HubRefusal = {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  readonly next: NextStep;
  /** A sentence for a person. */
  readonly message: string;
  /** 0 where waiting does not help. */
  readonly retryAfterMs: number;
};

type Advice = { readonly next: NextStep; readonly message: string; readonly retryAfterMs: number };

const REFUSALS = {
  'origin.refused': advice('stop', 'This page may not open sockets here (see ALLOWED_ORIGINS).'),
  'protocol.outdated': advice('reload', 'This page is out of date. Please reload it.'),
  'protocol.ahead': advice('retry', 'The service is being updated. Connecting again soon.', 2_000),
  'handshake.invalid': advice('stop', 'The connection needs auth { token, event, protocol }.'),
  'token.missing': advice('login', 'A token is needed: POST /v1/sessions gives one.'),
  'token.invalid': advice('login', 'This token is not valid here. Please sign in again.'),
  'token.expired': advice('login', 'Your session has ended. Please sign in again.'),
  'event.unknown': advice('stop', 'There is no such event.'),
  'event.loading': advice('retry', 'The event is being prepared. Trying again in a moment.', 1_000),
  'watch.invalid': advice('stop', 'This watch request cannot be read. Please report it.'),
  'watch.section': advice('stop', 'The event has no such section. Please reload the chart.'),
  'message.unknown': advice('stop', 'The hub does not know this message. Please report it.'),
  'rate.exceeded': advice('retry', 'Too many requests on one connection.', 1_000),
  'address.full': advice('retry', 'Too many connections from this network.', 10_000),
  'hub.full': advice('retry', 'This hub is full. Trying another one.', 2_000),
  'hub.draining': advice('retry', 'This hub is closing. Connecting to another one.', 500),
  'chart.changed': advice('watch', 'The seating plan changed. Asking for it anew.'),
  'viewer.slow': advice('watch', 'This connection is too slow to follow. Asking for all anew.'),
} as const satisfies Record<string, Advice>;

export function hubRefusal(code: RefusalCode): HubRefusal {
  return { outcome: 'refused', code, ...REFUSALS[code] };
}

/** Reads a refusal that came over the wire; null if it is none of ours. */
export function readHubRefusal(value: unknown): HubRefusal | null {
  if (!isPlainObject(value) || value['outcome'] !== 'refused') return null;
  const { code, retryAfterMs } = value;
  if (typeof code !== 'string' || !isRefusalCode(code)) return null;
  const refusal = hubRefusal(code);
  return isCount(retryAfterMs, RETRY_AFTER_MAX_MS) ? { ...refusal, retryAfterMs } : refusal;
}

export const REFUSAL_CODES: readonly RefusalCode[] = Object.keys(REFUSALS).filter(isRefusalCode);

/** A hub that asks for more patience than this is not believed. */
const RETRY_AFTER_MAX_MS = 60_000;

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

function advice(next: NextStep, message: string, retryAfterMs = 0): Advice {
  return { next, message, retryAfterMs };
}
