import type { Logger } from '@holdfast/infra/runtime';
import type Koa from 'koa';
import { ROUTES } from '../contract/door.ts';
import type { EdgeState } from './observe.ts';

/**
 * Leaves a line for everything an operator did or tried: who (as a hash, which still tells two
 * operators apart), what, on what, and how it ended.
 */
export function auditOperators(logger: Logger): Koa.Middleware<EdgeState> {
  const audit = logger.child({ audit: 'operator' });
  return async (ctx, next) => {
    let outcome = 'failed';
    try {
      await next();
      outcome = ctx.state.refused ?? 'done';
    } finally {
      record(ctx.state, outcome);
    }
  };
  function record(state: EdgeState, outcome: string): void {
    const { route, operatorHash, trace, subject } = state;
    if (route === undefined || operatorHash === undefined) return;
    if (ROUTES[route].access !== 'operator') return;
    audit.info({ ...trace, operatorHash, action: route, on: subject, outcome }, 'operator action');
  }
}
