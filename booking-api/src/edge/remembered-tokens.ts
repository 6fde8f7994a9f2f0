import type { Clock } from '@holdfast/db/model';
import type { TokenVerifier, VerifiedToken } from '@holdfast/infra/runtime';

type Proved = { readonly verified: Extract<VerifiedToken, { ok: true }>; readonly untilMs: number };

/** A key that was taken away works for this much longer, no token beyond its own end. */
const REMEMBERED_MS = 30_000;
const TOKENS_MAX = 10_000;

/**
 * Proves each token once and remembers it for a while: a shopper's taps come with the same token,
 * and checking its signature costs more than all the rest of a read. Refused tokens are not
 * remembered, so nobody can push out good ones with bad ones.
 */
export function rememberTokens(verifier: TokenVerifier, clock: Clock): TokenVerifier {
  const proved = new Map<string, Proved>();
  return {
    verify: async (token) => {
      const known = token === undefined ? undefined : proved.get(token);
      if (known !== undefined && clock.wallMs() < known.untilMs) return known.verified;
      const verified = await verifier.verify(token);
      if (!verified.ok || token === undefined) return verified;
      proved.delete(token);
      const untilMs = Math.min(verified.expiresAtMs, clock.wallMs() + REMEMBERED_MS);
      proved.set(token, { verified, untilMs });
      const [oldest] = proved.keys();
      if (proved.size > TOKENS_MAX && oldest !== undefined) proved.delete(oldest);
      return verified;
    },
  };
}
