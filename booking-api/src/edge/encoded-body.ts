import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** A body that many callers get: each encoding is made once, when it is first asked for. */
export type EncodedBody = {
  readonly type: string;
  /** Weak: one tag for all encodings, which differ in bytes (RFC 9110 section 8.8.3.3). */
  readonly etag: string;
  as(encoding: Encoding): Promise<Uint8Array>;
};

type Encoding = 'br' | 'gzip' | 'identity';

/** `tag` names the content; `quality` is brotli's: 4 for what lives a tick, 9 for what lives for ever. */
export function encodedBody(parts: {
  readonly type: string;
  readonly tag: string;
  readonly plain: Uint8Array;
  readonly quality: number;
}): EncodedBody {
  const { type, tag, plain, quality } = parts;
  const made = new Map<Encoding, Promise<Uint8Array>>([['identity', Promise.resolve(plain)]]);
  return {
    type,
    etag: `W/"${tag}"`,
    as: (encoding) => {
      const known = made.get(encoding);
      if (known !== undefined) return known;
      const fresh = encoding === 'br' ? brotli(plain, quality) : gzipAsync(plain);
      made.set(encoding, fresh);
      return fresh;
    },
  };
}

/** Sends the smallest form that the caller takes; with status 304 only what a cache has to know. */
export async function sendEncoded(ctx: Context, body: EncodedBody): Promise<void> {
  ctx.vary('Accept-Encoding');
  ctx.set('ETag', body.etag);
  if (ctx.status === 304) return;
  const accepted = ctx.acceptsEncodings('br', 'gzip', 'identity');
  const encoding = accepted === 'br' || accepted === 'gzip' ? accepted : 'identity';
  const bytes = await body.as(encoding);
  if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
  ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // After the body: Koa sets a type of its own for buffers.
  ctx.set('Content-Type', body.type);
}

function brotli(plain: Uint8Array, quality: number): Promise<Uint8Array> {
  return brotliAsync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
}
