import type { Context } from 'koa';
import {
  PROBLEM_ERRORS_MAX,
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  type Problem,
  type ProblemCode,
} from '../contract/door.ts';
import type { Refusal } from './refusal.ts';
import { retryAfter } from './retry-after.ts';

/** Writes a refusal as the answer. Reads nothing but the refusal, so nothing else can leak. */
export function sendProblem(ctx: Context, refusal: Refusal, requestId: string): void {
  const problem = describeProblem(refusal, requestId);
  ctx.status = problem.status;
  ctx.type = PROBLEM_MEDIA_TYPE;
  ctx.set('Cache-Control', 'no-store');
  if (problem.status === 401) ctx.set('WWW-Authenticate', challenge(refusal.code));
  if (problem.retryAfterMs !== undefined) {
    ctx.set('Retry-After', retryAfter(problem.retryAfterMs));
  }
  ctx.body = JSON.stringify(problem);
}

export function describeProblem(refusal: Refusal, requestId: string): Problem {
  const { kind: _, code, detail, errors, ...extras } = refusal;
  const { status, title, next, advice } = PROBLEMS[code];
  return {
    type: `urn:holdfast:problem:${code}`,
    title,
    status,
    detail,
    instance: `urn:holdfast:request:${requestId}`,
    code,
    next,
    advice,
    ...(errors === undefined ? {} : { errors: errors.slice(0, PROBLEM_ERRORS_MAX) }),
    ...extras,
  };
}

/** RFC 6750: no error where no token was sent. */
function challenge(code: ProblemCode): string {
  return code === 'token.missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}
