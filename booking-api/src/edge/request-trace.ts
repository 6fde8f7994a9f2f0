import { base64Url, type Random, type Trail } from '@holdfast/db/model';
import type { Context } from 'koa';
import { REQUEST_ID_HEADER } from '../contract/door.ts';

/** What a request is followed by through logs, feed records and notices. */
export type RequestTrace = Pick<Trail, 'requestId' | 'traceId'>;

const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;
/** W3C Trace Context, version 00 and later ones that begin alike. */
const TRACEPARENT_PATTERN = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;
const NO_TRACE = '0'.repeat(32);
const ID_BYTES = 16;

/** Takes the caller's ids where they have the right form, else makes new ones. */
export function traceRequest(ctx: Context, random: Random): RequestTrace {
  // One draw for both: asking for randomness is what costs.
  const fresh = random.bytes(2 * ID_BYTES);
  const given = ctx.get(REQUEST_ID_HEADER);
  const trace = TRACEPARENT_PATTERN.exec(ctx.get('traceparent'))?.[1];
  return {
    requestId: REQUEST_ID_PATTERN.test(given) ? given : base64Url(fresh.subarray(0, ID_BYTES)),
    traceId:
      trace !== undefined && trace !== NO_TRACE
        ? trace
        : Buffer.from(fresh.subarray(ID_BYTES)).toString('hex'),
  };
}
