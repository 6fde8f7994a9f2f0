import { eventOfHold, isEventId, isHoldId, ownerHash } from '@holdfast/db/model';
import type { TokenVerifier } from '@holdfast/infra/runtime';
import { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { z } from 'zod';
import { BODY_BYTES_MAX, PATHS, ROUTES, type Route, type RouteName } from '../contract/door.ts';
import { admit, type Caller } from './access.ts';
import type { Handlers } from './call.ts';
import { readConditions } from './conditions.ts';
import { type EncodedBody, sendEncoded } from './encoded-body.ts';
import { answerRefusal, type EdgeContext, type EdgeState } from './observe.ts';
import type { RequestLimiter } from './rate-limit.ts';
import { bodyKind, checkAgainst, jsonBodyParser } from './read-body.ts';
import { type Refusal, refuse } from './refusal.ts';

export type Gate = { readonly verifier: TokenVerifier; readonly limiter: RequestLimiter };

/** What is made once for each route. */
type RouteChecks = {
  readonly route: Route;
  readonly query: z.ZodObject;
  readonly parse: Middleware;
};

/** A handler without its name: the table pairs each route with the handler typed for it. */
type AnyHandler = (call: unknown) => Promise<AnyReply | Refusal>;
type AnyReply = {
  readonly status: number;
  readonly body?: unknown;
  readonly encoded?: EncodedBody;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Puts every route of the contract in front of its handler. In this order, so that nothing costly
 * is done for somebody who may not ask for it: token, budget, ids, headers, body, handler.
 */
export function mountRoutes(handlers: Handlers, gate: Gate): Router<EdgeState> {
  const router = new Router<EdgeState>({ strict: true, sensitive: true });
  for (const name of Object.keys(PATHS) as RouteName[]) {
    const { method, path } = PATHS[name];
    const route: Route = ROUTES[name];
    // Sound because `Handlers` maps each name to the handler of that name.
    const handler = handlers[name] as AnyHandler;
    const checks = {
      route,
      query: z.object(route.query ?? {}),
      parse: jsonBodyParser(route.bodyBytesMax ?? BODY_BYTES_MAX),
    };
    router.register(path.replaceAll(/\{(\w+)\}/g, ':$1'), [method], async (ctx) => {
      ctx.state.route = name;
      const outcome = await serve(ctx, checks, gate, handler);
      if ('kind' in outcome) answerRefusal(ctx, outcome);
      else await send(ctx, outcome);
    });
  }
  return router;
}

async function serve(
  ctx: EdgeContext & { params: Record<string, string | undefined> },
  checks: RouteChecks,
  gate: Gate,
  handler: AnyHandler,
): Promise<AnyReply | Refusal> {
  const { route } = checks;
  const admission = await admit(ctx, route.access, gate.verifier);
  const caller = admission.kind === 'admitted' ? admission.caller : null;
  const overspent = await refuseOverspending(ctx, route, gate, caller);
  if (overspent !== null) return overspent;
  if (admission.kind === 'refused') return admission;
  if (caller?.role === 'operator') {
    ctx.state.operatorHash = ownerHash(caller.owner);
    ctx.state.subject = ctx.params;
  }
  const wrongId = refuseIds(ctx.params);
  if (wrongId !== null) return wrongId;
  const conditions = readConditions(ctx);
  if ('kind' in conditions) return conditions;
  const query = checkAgainst(checks.query, { ...ctx.query });
  if (query.kind === 'refused') return query;
  const body = await readBody(ctx, route, checks.parse);
  if (body.kind === 'refused') return body;
  return handler({
    params: ctx.params,
    body: body.value,
    query: query.value,
    caller,
    conditions,
    trace: ctx.state.trace,
    address: ctx.ip,
    method: ctx.method,
    path: ctx.path,
  });
}

async function refuseOverspending(
  ctx: EdgeContext,
  route: Route,
  gate: Gate,
  caller: Caller | null,
): Promise<Refusal | null> {
  const spent = await gate.limiter.spend({
    class: route.class,
    address: ctx.ip,
    owner: caller?.owner ?? null,
  });
  ctx.set(spent.headers);
  const { verdict, retryAfterMs } = spent;
  if (verdict === 'granted') return null;
  if (verdict === 'limited') {
    return refuse('rate.limited', 'The budget of requests is spent.', { retryAfterMs });
  }
  return refuse('store.unavailable', 'The request was not carried out.', { retryAfterMs });
}

/** An id that cannot be is answered like one that is not. */
function refuseIds(params: Readonly<Record<string, string | undefined>>): Refusal | null {
  const { event, hold } = params;
  if (event !== undefined && !isEventId(event)) {
    return refuse('event.unknown', 'There is no event of this id.');
  }
  if (hold !== undefined && !(isHoldId(hold) && eventOfHold(hold) === event)) {
    return refuse('hold.unknown', 'You have no hold of this id at this event.');
  }
  return null;
}

async function readBody(ctx: EdgeContext, route: Route, parse: Middleware) {
  if (route.body === undefined) return { kind: 'checked', value: undefined } as const;
  const kind = await bodyKind(ctx, route.bodyBytesMax ?? BODY_BYTES_MAX);
  if (typeof kind !== 'string') return kind;
  if (kind === 'none') return checkAgainst(route.body, undefined);
  await parse(ctx, async () => undefined);
  const value = ctx.request.rawBody === '' ? undefined : ctx.request.body;
  return checkAgainst(route.body, value);
}

async function send(ctx: EdgeContext, reply: AnyReply): Promise<void> {
  ctx.status = reply.status;
  if (reply.headers !== undefined) ctx.set(reply.headers);
  if (reply.encoded !== undefined) await sendEncoded(ctx, reply.encoded);
  else if (reply.body === null || reply.body === undefined) ctx.body = null;
  else ctx.body = reply.body;
  // Koa turns a status into 204 when the body is emptied.
  ctx.status = reply.status;
}
