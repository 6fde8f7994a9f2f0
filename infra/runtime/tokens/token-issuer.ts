import type { Clock, OwnerId } from '@holdfast/db/model';
import { SignJWT } from 'jose';
import { realAmbient } from '../real-ambient.ts';
import { openKeyFile } from './key-file.ts';
import { SigningKeysError } from './signing-keys.ts';
import {
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPE,
  type TokenRole,
} from './token-claims.ts';

export type TokenIssuer = {
  /** A signed token, valid from now for `ttlSeconds`. */
  issue(grant: {
    readonly subject: OwnerId;
    readonly role: TokenRole;
    readonly ttlSeconds: number;
  }): Promise<string>;
};

/** Signs with the newest key of the file, also after a rotation. */
export function createTokenIssuer(
  keysFile: string,
  clock: Clock = realAmbient().clock,
): TokenIssuer {
  const file = openKeyFile(keysFile, 'private', clock);
  return {
    issue: async ({ subject, role, ttlSeconds }) => {
      const [newest] = await file.current();
      if (newest === undefined) throw new SigningKeysError(`There is no key in ${keysFile}.`);
      const nowSeconds = Math.floor(clock.wallMs() / 1_000);
      return new SignJWT({ role })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: newest.kid })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setSubject(subject)
        .setIssuedAt(nowSeconds)
        .setNotBefore(nowSeconds)
        .setExpirationTime(nowSeconds + ttlSeconds)
        .sign(newest.key);
    },
  };
}
