import { bodyParser } from '@koa/bodyparser';
import type { Context, Middleware } from 'koa';
import type { z } from 'zod';
import type { Problem } from '../contract/door.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Reads JSON of at most `bytesMax`; larger bodies are refused before they are parsed. */
export function jsonBodyParser(bytesMax: number): Middleware {
  return bodyParser({ enableTypes: ['json'], jsonLimit: bytesMax });
}

export type BodyKind = 'none' | 'json' | Refusal;

/** Whether a body is there, and if so of a kind that is read here. */
export async function bodyKind(ctx: Context, bytesMax: number): Promise<BodyKind> {
  if (!(await hasBody(ctx))) return 'none';
  if (ctx.get('Content-Encoding') !== '') {
    return refuse('request.media-type', 'Compressed bodies are not read.');
  }
  if (ctx.request.is('application/json') !== 'application/json') {
    return refuse('request.media-type', 'The body must be application/json.');
  }
  if (declaredLength(ctx) > bytesMax) {
    return refuse('request.too-large', `The body may have at most ${bytesMax} bytes.`);
  }
  return 'json';
}

/** A proxy may announce chunks where its caller sent nothing; only reading tells. */
async function hasBody(ctx: Context): Promise<boolean> {
  if (ctx.get('Transfer-Encoding') === '') return declaredLength(ctx) > 0;
  if (ctx.get('Content-Type') !== '') return true;
  for await (const _ of ctx.req.iterator({ destroyOnReturn: false })) return true;
  return false;
}

/** Node has checked the digits; Koa's own reading wraps at 2^31. */
function declaredLength(ctx: Context): number {
  return Number(ctx.get('Content-Length'));
}

export type Checked<T> = { readonly kind: 'checked'; readonly value: T } | Refusal;

/** Holds a value against its schema; every breach is named by its place. */
export function checkAgainst<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'checked', value: parsed.data };
  return refuse('request.invalid', 'The request does not have the documented form.', {
    errors: parsed.error.issues.map(describeIssue),
  });
}

type ProblemErrors = NonNullable<Problem['errors']>;

const SHOWN_LENGTH_MAX = 200;

function describeIssue(issue: z.core.$ZodIssue): ProblemErrors[number] {
  let path = '';
  for (const step of issue.path) {
    path += typeof step === 'number' ? `[${step}]` : `${path === '' ? '' : '.'}${String(step)}`;
  }
  // A message may quote keys of the body, which a hostile caller can make very long.
  return {
    path: path.slice(0, SHOWN_LENGTH_MAX),
    detail: issue.message.slice(0, SHOWN_LENGTH_MAX),
  };
}
