import { type Ambient, base64Url, ownerId } from '@holdfast/db/model';
import type { TokenIssuer } from '@holdfast/infra/runtime';
import type { Session } from '../contract/door.ts';

const OWNER_BYTES = 16;
const SECOND_MS = 1_000;

/** A fresh anonymous shopper: 128 random bits and a token that says so. */
export async function startSession(parts: {
  readonly issuer: TokenIssuer;
  readonly ambient: Ambient;
  readonly ttlSeconds: number;
}): Promise<Session> {
  const { issuer, ambient, ttlSeconds } = parts;
  const subject = ownerId(base64Url(ambient.random.bytes(OWNER_BYTES)));
  const token = await issuer.issue({ subject, role: 'shopper', ttlSeconds });
  const expiresAtMs = ambient.clock.wallMs() + ttlSeconds * SECOND_MS;
  return { token, owner: subject, expiresAt: new Date(expiresAtMs).toISOString() };
}
