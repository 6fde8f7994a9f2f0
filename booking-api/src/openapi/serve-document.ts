import { createHash } from 'node:crypto';
import type { Middleware } from 'koa';
import { encodedBody, sendEncoded } from '../edge/encoded-body.ts';
import { buildDocument } from './build-document.ts';

const DOCUMENT_PATH = '/openapi.json';
const DOCUMENT_QUALITY = 9;
const TAG_DIGITS = 32;

/** Serves the description of the API; it changes only with a release. */
export function serveDocument(): Middleware {
  const text = JSON.stringify(buildDocument());
  const tag = createHash('sha256').update(text).digest('hex').slice(0, TAG_DIGITS);
  const body = encodedBody({
    type: 'application/json; charset=utf-8',
    tag,
    plain: Buffer.from(text),
    quality: DOCUMENT_QUALITY,
  });
  return async (ctx, next) => {
    if (ctx.path !== DOCUMENT_PATH || (ctx.method !== 'GET' && ctx.method !== 'HEAD'))
      return next();
    ctx.set('Cache-Control', 'no-cache');
    ctx.status = ctx.get('If-None-Match').includes(`"${tag}"`) ? 304 : 200;
    await sendEncoded(ctx, body);
  };
}
