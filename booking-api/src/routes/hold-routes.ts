import { fillPath, type Hold, PATHS, type Pending } from '../contract/door.ts';
import type { Caller } from '../edge/access.ts';
import type { Handlers } from '../edge/call.ts';
import { type Intent, nameIntent } from '../edge/idempotency.ts';
import { retryAfter } from '../edge/retry-after.ts';
import { amendHold } from '../use-cases/amend-hold.ts';
import { expectRev } from '../use-cases/expected-rev.ts';
import { extendHold } from '../use-cases/extend-hold.ts';
import type { HoldParts } from '../use-cases/hold-parts.ts';
import { listHolds, readHold } from '../use-cases/own-hold.ts';
import type { HoldResult } from '../use-cases/pending.ts';
import { placeHold } from '../use-cases/place-hold.ts';
import { releaseHold } from '../use-cases/release-hold.ts';

type HoldRouteName =
  | 'placeHold'
  | 'listHolds'
  | 'readHold'
  | 'amendHold'
  | 'releaseHold'
  | 'extendHold';

export function holdRoutes(parts: HoldParts): Pick<Handlers, HoldRouteName> {
  const intentOf = (call: IntentSource, rev: number | null): Intent =>
    nameIntent(
      {
        owner: call.caller.owner,
        method: call.method,
        path: call.path,
        key: call.conditions.idempotencyKey,
        content: { body: call.body, rev },
      },
      parts.ambient.random,
    );
  return {
    placeHold: async (call) => {
      const { params, caller, body, trace, address } = call;
      const { event } = params;
      const intent = intentOf(call, null);
      const result = await placeHold(parts, { event, caller, body, intent, trace, address });
      if (result.kind === 'refused') return result;
      if (result.kind === 'pending') return pending(result.pending);
      const { hold } = result;
      const headers = { ETag: holdEtag(hold), Location: holdAddress(hold) };
      return { status: 201, body: hold, headers };
    },
    listHolds: async ({ params, caller }) => {
      const result = await listHolds(parts, { event: params.event, caller });
      return result.kind === 'refused' ? result : { status: 200, body: { holds: result.holds } };
    },
    readHold: async ({ params, caller }) => {
      const result = await readHold(parts, { event: params.event, hold: params.hold, caller });
      return result.kind === 'refused' ? result : found(result.hold);
    },
    amendHold: async (call) => {
      const { params, caller, body, conditions, trace } = call;
      const { event, hold } = params;
      const expected = expectRev(conditions.ifMatch, body.rev);
      if ('kind' in expected) return expected;
      const intent = intentOf(call, expected.rev);
      return answer(await amendHold(parts, { event, hold, caller, body, expected, intent, trace }));
    },
    releaseHold: async ({ params, caller, conditions, trace }) => {
      const { event, hold } = params;
      const rev = conditions.ifMatch;
      return answer(await releaseHold(parts, { event, hold, caller, rev, trace }));
    },
    extendHold: async (call) => {
      const { params, caller, body, conditions } = call;
      const { event, hold } = params;
      const expected = expectRev(conditions.ifMatch, body.rev);
      if ('kind' in expected) return expected;
      const intent = intentOf(call, expected.rev);
      return answer(await extendHold(parts, { event, hold, caller, expected, intent }));
    },
  };
}

type IntentSource = {
  readonly caller: Caller;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly conditions: { readonly idempotencyKey: string | null };
};

/** A change of a hold that exists, on the wire. */
function answer(result: HoldResult) {
  if (result.kind === 'refused') return result;
  return result.kind === 'hold' ? found(result.hold) : pending(result.pending);
}

export function found(hold: Hold) {
  return { status: 200, body: hold, headers: { ETag: holdEtag(hold) } } as const;
}

function pending(body: Pending) {
  const headers = {
    Location: holdAddress(body),
    'Retry-After': retryAfter(body.retryAfterMs),
  };
  return { status: 202, body, headers } as const;
}

function holdEtag({ rev }: Hold): string {
  return `"${rev}"`;
}

function holdAddress({ id, event }: { readonly id: string; readonly event: string }): string {
  return fillPath(PATHS.readHold.path, { event, hold: id });
}
