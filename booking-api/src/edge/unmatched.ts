import type Koa from 'koa';
import { PATHS } from '../contract/door.ts';
import { unknownRoute } from './access.ts';
import { answerRefusal, type EdgeState } from './observe.ts';
import { refuse } from './refusal.ts';

type Address = { readonly methods: Set<string>; readonly pattern: RegExp };

/** The last layer: what no route took is either a known address with another method, or nothing. */
export function unmatched(): Koa.Middleware<EdgeState> {
  const addresses = listAddresses();
  return (ctx) => {
    const address = addresses.find(({ pattern }) => pattern.test(ctx.path));
    if (address === undefined) return answerRefusal(ctx, unknownRoute());
    const allowed = [...address.methods].join(', ');
    ctx.set('Allow', allowed);
    answerRefusal(ctx, refuse('method.not-allowed', `This address takes ${allowed}.`));
  };
}

function listAddresses(): Address[] {
  const byPath = new Map<string, Set<string>>();
  for (const { method, path } of Object.values(PATHS)) {
    const methods = byPath.get(path) ?? new Set();
    methods.add(method);
    if (method === 'GET') methods.add('HEAD');
    byPath.set(path, methods);
  }
  return [...byPath].map(([path, methods]) => ({
    methods,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
}
