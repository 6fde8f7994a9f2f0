import type { z } from 'zod';
import { EVENT_ROUTES } from './event-routes.ts';
import { HOLD_ROUTES } from './hold-routes.ts';
import { OPERATOR_ROUTES } from './operator-routes.ts';
import type { RouteName } from './paths.ts';
import type { ProblemCode } from './problem-codes.ts';
import type { Route } from './route.ts';

/** Every operation of this API: the router checks against it and OpenAPI is generated from it. */
export const ROUTES = {
  ...EVENT_ROUTES,
  ...HOLD_ROUTES,
  ...OPERATOR_ROUTES,
} as const satisfies Record<RouteName, Route>;

/** Any call may meet these. */
const EVERYWHERE: readonly ProblemCode[] = [
  'request.timeout',
  'rate.limited',
  'header.too-large',
  'server.fault',
  'store.unavailable',
];
const WITH_TOKEN: readonly ProblemCode[] = ['token.missing', 'token.invalid', 'token.expired'];
const WITH_BODY: readonly ProblemCode[] = [
  'request.malformed',
  'request.too-large',
  'request.media-type',
  'request.invalid',
];

/** All refusals that a call may meet: its own and those that come with its kind. */
export function problemsOf(route: Route): ProblemCode[] {
  return [
    ...new Set([
      ...EVERYWHERE,
      ...(route.access === 'open' ? [] : WITH_TOKEN),
      ...(route.access === 'operator' ? (['route.unknown'] as const) : []),
      ...(route.body === undefined ? [] : WITH_BODY),
      ...(route.requestHeaders === undefined ? [] : (['header.invalid'] as const)),
      ...route.problems,
    ]),
  ];
}

type Routes = typeof ROUTES;

/** What a caller sends; `undefined` where the operation takes no body. */
export type RequestBody<Name extends RouteName> = Routes[Name] extends { body: infer Body }
  ? Body extends z.ZodType
    ? z.input<Body>
    : never
  : undefined;

/** What a caller gets with each successful status. */
export type AnswerOf<Name extends RouteName> = {
  [Status in keyof Routes[Name]['answers']]: Routes[Name]['answers'][Status] extends {
    schema: infer Schema;
  }
    ? Schema extends z.ZodType
      ? { readonly status: Status; readonly body: z.output<Schema> }
      : never
    : Routes[Name]['answers'][Status] extends { media: string }
      ? { readonly status: Status; readonly body: Uint8Array }
      : { readonly status: Status; readonly body: null };
}[keyof Routes[Name]['answers']];
