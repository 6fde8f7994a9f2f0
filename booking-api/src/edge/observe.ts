import type { Ambient } from '@holdfast/db/model';
import { Counter, Histogram, type Logger, type Registry } from '@holdfast/infra/runtime';
import type Koa from 'koa';
import { type ProblemCode, REQUEST_ID_HEADER, type RouteName } from '../contract/door.ts';
import { refusalOfError } from './fault.ts';
import { sendProblem } from './problem.ts';
import type { Refusal } from './refusal.ts';
import { type RequestTrace, traceRequest } from './request-trace.ts';

/** What travels with a request through the layers of the edge. */
export type EdgeState = {
  trace: RequestTrace;
  /** Set once the request has met its route. */
  route?: RouteName;
  refused?: ProblemCode;
  /** Who, where it is an operator, and the ids that the path names. */
  operatorHash?: string;
  subject?: Readonly<Record<string, string | undefined>>;
};

export type EdgeContext = Koa.ParameterizedContext<EdgeState>;

/** Ends the request with a refusal. */
export function answerRefusal(ctx: EdgeContext, refusal: Refusal): void {
  ctx.state.refused = refusal.code;
  sendProblem(ctx, refusal, ctx.state.trace.requestId);
}

const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const SECOND_MS = 1_000;

/**
 * The outermost layer: gives the request its ids, turns whatever is thrown below into a problem, and
 * leaves one log line and one sample of it. Neither holds addresses, owners, labels or URLs.
 */
export function observe(parts: {
  readonly ambient: Ambient;
  readonly logger: Logger;
  readonly registry: Registry;
}): Koa.Middleware<EdgeState> {
  const { ambient, logger } = parts;
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time from the first byte of a request to its answer',
    labelNames: ['route', 'status'] as const,
    buckets: SECONDS_BUCKETS,
    registers: [parts.registry],
  });
  const refusals = new Counter({
    name: 'http_refusals_total',
    help: 'Refused requests by problem code',
    labelNames: ['code'] as const,
    registers: [parts.registry],
  });
  return async (ctx, next) => {
    const startedMs = ambient.clock.monotonicMs();
    ctx.state.trace = traceRequest(ctx, ambient.random);
    ctx.set(REQUEST_ID_HEADER, ctx.state.trace.requestId);
    ctx.set('Cache-Control', 'no-store');
    let failure: unknown;
    try {
      await next();
    } catch (error) {
      failure = error;
      answerRefusal(ctx, refusalOfError(error));
    }
    const tookMs = ambient.clock.monotonicMs() - startedMs;
    const { route = 'none', refused, trace } = ctx.state;
    seconds.observe({ route, status: ctx.status }, tookMs / SECOND_MS);
    if (refused !== undefined) refusals.inc({ code: refused });
    const line = { ...trace, route, method: ctx.method, status: ctx.status, tookMs };
    const told = refused === undefined ? line : { ...line, code: refused };
    if (ctx.status === 500) logger.error({ ...told, err: failure }, 'request failed');
    else if (failure !== undefined && ctx.status > 500) {
      logger.warn({ ...told, err: failure }, 'request could not be served');
    } else logger.debug(told, 'request');
  };
}
