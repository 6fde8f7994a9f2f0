import type { Middleware } from 'koa';
import {
  CHART_HEADER,
  IDEMPOTENCY_KEY_HEADER,
  POSITION_HEADER,
  RATE_LIMIT_HEADER,
  RATE_LIMIT_POLICY_HEADER,
  REQUEST_ID_HEADER,
  SEAT_COUNT_HEADER,
} from '../contract/door.ts';

const ASKED_METHODS = 'GET, POST, PUT, PATCH, DELETE';
const ASKED_HEADERS = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  IDEMPOTENCY_KEY_HEADER,
  REQUEST_ID_HEADER,
].join(', ');
/** A page of another origin sees only these and the few that browsers always show. */
const SHOWN_HEADERS = [
  'ETag',
  'Location',
  'Retry-After',
  RATE_LIMIT_HEADER,
  RATE_LIMIT_POLICY_HEADER,
  CHART_HEADER,
  POSITION_HEADER,
  SEAT_COUNT_HEADER,
  REQUEST_ID_HEADER,
].join(', ');
const PREFLIGHT_SECONDS = '600';

/**
 * Lets pages of the listed origins read answers (Fetch standard, CORS). Tokens travel in a header,
 * never in a cookie, so credentials are not allowed. Other origins get the answer without the mark,
 * which a browser then keeps from the page.
 */
export function crossOrigin(allowedOrigins: readonly string[]): Middleware {
  const allowed = new Set(allowedOrigins);
  return async (ctx, next) => {
    ctx.vary('Origin');
    const origin = ctx.get('Origin');
    if (!allowed.has(origin)) return next();
    ctx.set('Access-Control-Allow-Origin', origin);
    ctx.set('Access-Control-Expose-Headers', SHOWN_HEADERS);
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return next();
    ctx.set('Access-Control-Allow-Methods', ASKED_METHODS);
    ctx.set('Access-Control-Allow-Headers', ASKED_HEADERS);
    ctx.set('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    ctx.status = 204;
  };
}
