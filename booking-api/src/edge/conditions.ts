import type { Context } from 'koa';
import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_KEY_LENGTH_MAX } from '../contract/door.ts';
import { type Refusal, refuse } from './refusal.ts';

/** What the conditional headers of a request ask for. */
export type Conditions = {
  /** The rev or version in `If-Match`; null without one, and for `*`. */
  readonly ifMatch: number | null;
  /** The entity tags of `If-None-Match`, without the weakness mark. */
  readonly ifNoneMatch: readonly string[];
  readonly idempotencyKey: string | null;
};

/** Printable ASCII, so that a key cannot carry line breaks or look-alikes. */
const KEY_PATTERN = /^[\x20-\x7e]+$/;
const REV_TAG_PATTERN = /^"([1-9][0-9]{0,14})"$/;
const TAGS_MAX = 20;

export function readConditions(ctx: Context): Conditions | Refusal {
  const ifMatch = ctx.get('If-Match').trim();
  const rev = REV_TAG_PATTERN.exec(ifMatch)?.[1];
  if (ifMatch !== '' && ifMatch !== '*' && rev === undefined) {
    return unreadable('If-Match', 'give one strong ETag of this API, as in "3"');
  }
  const key = ctx.get(IDEMPOTENCY_KEY_HEADER);
  if (key.length > IDEMPOTENCY_KEY_LENGTH_MAX || (key !== '' && !KEY_PATTERN.test(key))) {
    const allowed = `1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters`;
    return unreadable(IDEMPOTENCY_KEY_HEADER, `use ${allowed}`);
  }
  return {
    ifMatch: rev === undefined ? null : Number(rev),
    ifNoneMatch: tags(ctx.get('If-None-Match')),
    idempotencyKey: key === '' ? null : key,
  };
}

/** Weak comparison, as RFC 9110 section 13.1.2 asks for: the caller has what the tag names. */
export function hasTag({ ifNoneMatch }: Conditions, etag: string): boolean {
  return ifNoneMatch.includes('*') || ifNoneMatch.includes(opaque(etag));
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}

function tags(header: string): string[] {
  const parts = header.split(',', TAGS_MAX).map((part) => part.trim());
  return parts.filter((part) => part !== '').map(opaque);
}

function unreadable(header: string, detail: string): Refusal {
  return refuse('header.invalid', `The header ${header} cannot be read.`, {
    errors: [{ path: header, detail }],
  });
}
