import { createHash } from 'node:crypto';
import type { Middleware } from 'koa';
import { encodedBody, sendEncoded } from '../edge/encoded-body.ts';
import { buildDocument } from './build-document.ts';

const DOCUMENT_PATH = '/openapi.json';
const DOCUMENT_QUALITY = 9;

/** Serves the description of the API; it changes only with a release. */
export function serveDocument(): Middleware {
  const text = JSON.stringify(buildDocument());
  const body = encodedBody('application/json; charset=utf-8', Buffer.from(text), DOCUMENT_QUALITY);
  const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
  return async (ctx, next) => {
    if (ctx.path !== DOCUMENT_PATH || (ctx.method !== 'GET' && ctx.method !== 'HEAD'))
      return next();
    ctx.set('ETag', etag);
    ctx.set('Cache-Control', 'no-cache');
    ctx.status = 200;
    if (ctx.get('If-None-Match').includes(etag)) ctx.status = 304;
    else await sendEncoded(ctx, body);
  };
}
