import type { Clock, OwnerId } from '@holdfast/db/model';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { realAmbient } from '../real-ambient.ts';
import { type KeyFile, openKeyFile } from './key-file.ts';
import {
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_LENGTH_MAX,
  TOKEN_TYPE,
  type TokenRole,
  tokenClaims,
  tokenHeader,
} from './token-claims.ts';

export type VerifiedToken =
  | {
      readonly ok: true;
      readonly subject: OwnerId;
      readonly role: TokenRole;
      /** Milliseconds since 1970; from this instant on the token is refused. */
      readonly expiresAtMs: number;
    }
  | { readonly ok: false; readonly code: 'token.missing' | 'token.invalid' | 'token.expired' };

export type TokenVerifier = {
  /** Never throws over a bad token. `undefined` and '' are `token.missing`. */
  verify(token: string | undefined): Promise<VerifiedToken>;
};

/** Machines of one installation may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 2;

/**
 * Proves tokens with the keys of the file: one algorithm, our issuer, audience and type, times in
 * force, header and payload exactly of our form. A key inside the token is never looked at.
 * Rejects (throws) only when the file cannot be read at the first use.
 */
export function createTokenVerifier(
  keysFile: string,
  clock: Clock = realAmbient().clock,
): TokenVerifier {
  const file = openKeyFile(keysFile, 'public', clock);
  return {
    verify: async (token) => {
      if (token === undefined || token === '') return { ok: false, code: 'token.missing' };
      if (token.length > TOKEN_LENGTH_MAX) return { ok: false, code: 'token.invalid' };
      const key = await keyFor(token, file);
      if (key === undefined) return { ok: false, code: 'token.invalid' };
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [TOKEN_ALGORITHM],
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          typ: TOKEN_TYPE,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(clock.wallMs()),
          requiredClaims: ['sub', 'role', 'iat', 'nbf', 'exp'],
        });
        const claims = tokenClaims.safeParse(payload);
        if (!claims.success) return { ok: false, code: 'token.invalid' };
        const { sub, role, exp } = claims.data;
        return { ok: true, subject: sub, role, expiresAtMs: exp * 1_000 };
      } catch (error) {
        const expired = error instanceof errors.JWTExpired;
        return { ok: false, code: expired ? 'token.expired' : 'token.invalid' };
      }
    },
  };
}

/** The key that the token's header names, if the header has exactly our form. */
async function keyFor(
  token: string,
  file: KeyFile,
): Promise<Awaited<ReturnType<KeyFile['current']>>[number]['key'] | undefined> {
  let decoded: unknown;
  try {
    decoded = decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
  const header = tokenHeader.safeParse(decoded);
  if (!header.success) return undefined;
  const keys = await file.current();
  return keys.find((known) => known.kid === header.data.kid)?.key;
}
