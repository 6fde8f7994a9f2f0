import type { OwnerId } from '@holdfast/db/model';
import type { TokenVerifier } from '@holdfast/infra/runtime';
import type { Context } from 'koa';
import type { Access } from '../contract/door.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Who calls, as a verified token says. */
export type Caller = { readonly owner: OwnerId; readonly role: 'shopper' | 'operator' };

export type Admission =
  | { readonly kind: 'admitted'; readonly caller: Caller | null }
  /** `caller` is known where only the role was wrong. */
  | (Refusal & { readonly caller?: Caller });

const BEARER_PATTERN = /^Bearer +([^\s]+)$/i;

const TOKEN_REFUSALS = {
  'token.missing': 'The Authorization header has no bearer token.',
  'token.invalid': 'The token could not be verified.',
  'token.expired': 'The time of the token is over.',
} as const;

/** A shopper's token does not help here, whatever the advice to shoppers says. */
const OPERATORS_ONLY =
  ' This address takes tokens of the role operator only, which the installation gives: npm run token -- --role operator.';

/** Decides whether a call may go on. An operator's address answers a shopper like one that is not there. */
export async function admit(
  ctx: Context,
  access: Access,
  verifier: TokenVerifier,
): Promise<Admission> {
  if (access === 'open') return { kind: 'admitted', caller: null };
  // Node would show the first of several, while a proxy in front may have judged another one.
  if ((ctx.req.headersDistinct['authorization']?.length ?? 0) > 1) {
    return refuse('token.invalid', 'There is more than one Authorization header.');
  }
  const header = ctx.get('Authorization');
  if (header === '' && access === 'optional') return { kind: 'admitted', caller: null };
  const token = BEARER_PATTERN.exec(header)?.[1];
  if (header !== '' && token === undefined) {
    return refuse('token.invalid', 'The Authorization header is not "Bearer <token>".');
  }
  const verified = await verifier.verify(token);
  if (!verified.ok) {
    const role = access === 'operator' ? OPERATORS_ONLY : '';
    return refuse(verified.code, `${TOKEN_REFUSALS[verified.code]}${role}`);
  }
  const caller: Caller = { owner: verified.subject, role: verified.role };
  if (access === 'operator' && caller.role !== 'operator') return unknownRoute();
  return { kind: 'admitted', caller };
}

export function unknownRoute(): Refusal {
  return refuse('route.unknown', 'Nothing of this API lives at this address.');
}
