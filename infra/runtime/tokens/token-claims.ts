import { isOwnerId, type OwnerId } from '@holdfast/db/model';
import { z } from 'zod';

/** RFC 8037. The one algorithm; a token never chooses. */
export const TOKEN_ALGORITHM = 'EdDSA';
export const TOKEN_ISSUER = 'holdfast';
export const TOKEN_AUDIENCE = 'holdfast';
export const TOKEN_TYPE = 'JWT';
/** Characters. Ours are about 350; whatever is longer is not worth decoding. */
export const TOKEN_LENGTH_MAX = 1_024;

export const TOKEN_ROLES = ['shopper', 'operator'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

const seconds = z
  .number()
  .int()
  .nonnegative()
  .max(Number.MAX_SAFE_INTEGER / 1_000);

/** The payload, whole: a token with other claims was not made here. */
export const tokenClaims = z.strictObject({
  iss: z.literal(TOKEN_ISSUER),
  aud: z.literal(TOKEN_AUDIENCE),
  sub: z.custom<OwnerId>((value) => typeof value === 'string' && isOwnerId(value)),
  role: z.enum(TOKEN_ROLES),
  iat: seconds,
  nbf: seconds,
  exp: seconds,
});

/** The header, whole: no `jwk`, `jku`, `x5c` or `crit` that would bring a key of its own. */
export const tokenHeader = z.strictObject({
  alg: z.literal(TOKEN_ALGORITHM),
  typ: z.literal(TOKEN_TYPE),
  kid: z.string().min(1).max(64),
});
