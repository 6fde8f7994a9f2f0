import type { EventId, HoldId } from '@holdfast/db/model';
import type { z } from 'zod';
import type {
  Access,
  AnswerOf,
  PATHS,
  ParamsOf,
  ROUTES,
  Route,
  RouteName,
} from '../contract/door.ts';
import type { Caller } from './access.ts';
import type { Conditions } from './conditions.ts';
import type { EncodedBody } from './encoded-body.ts';
import type { Refusal } from './refusal.ts';
import type { RequestTrace } from './request-trace.ts';

/** A request of one operation after the edge has checked all that its route promises. */
export type Call<Name extends RouteName> = {
  readonly params: Readonly<Record<ParamsOf<(typeof PATHS)[Name]['path']>, string>> & Ids;
  readonly body: CheckedBody<(typeof ROUTES)[Name]>;
  readonly query: Readonly<Record<string, string>>;
  readonly caller: CallerOf<(typeof ROUTES)[Name]['access']>;
  readonly conditions: Conditions;
  readonly trace: RequestTrace;
  /** Where the connection comes from, as the trusted proxies tell. */
  readonly address: string;
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
};

/** Present where the path has them; checked against their patterns. */
type Ids = { readonly event: EventId; readonly hold: HoldId };

type CheckedBody<R extends Route> = R extends { readonly body: infer Body }
  ? Body extends z.ZodType
    ? z.output<Body>
    : never
  : undefined;

type CallerOf<A extends Access> = A extends 'open'
  ? null
  : A extends 'optional'
    ? Caller | null
    : Caller;

export type Reply<Name extends RouteName> = (
  | AnswerOf<Name>
  | { readonly status: keyof (typeof ROUTES)[Name]['answers']; readonly encoded: EncodedBody }
) & { readonly headers?: Readonly<Record<string, string>> };

export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<Reply<Name> | Refusal>;

export type Handlers = { readonly [Name in RouteName]: Handler<Name> };
