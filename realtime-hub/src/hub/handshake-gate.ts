import type { EventId, OwnerId } from '@holdfast/db/model';
import type { TokenVerifier } from '@holdfast/infra/runtime';
import { isCount, isPlainObject } from '../protocol/decoded.ts';
import { type HubRefusal, hubRefusal } from '../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { handshakeSchema } from './handshake-schema.ts';

/** Who is connected and to what, as the handshake proved it. */
export type Admitted = {
  readonly outcome: 'admitted';
  readonly owner: OwnerId;
  readonly event: EventId;
  readonly token: string;
  readonly expiresAtMs: number;
};

export type HandshakeGateParts = {
  readonly verifier: TokenVerifier;
  readonly isKnownEvent: (event: EventId) => Promise<boolean>;
};

/**
 * Judges the `auth` of a handshake. The version comes first: what else an older page sends may
 * have another form, and the only useful answer to it is "reload".
 */
export async function judgeHandshake(
  auth: unknown,
  { verifier, isKnownEvent }: HandshakeGateParts,
): Promise<Admitted | HubRefusal> {
  if (!isPlainObject(auth)) return hubRefusal('handshake.invalid');
  const { protocol } = auth;
  if (isCount(protocol) && protocol < PROTOCOL_VERSION) return hubRefusal('protocol.outdated');
  if (isCount(protocol) && protocol > PROTOCOL_VERSION) return hubRefusal('protocol.ahead');
  if (auth['token'] === undefined || auth['token'] === '') return hubRefusal('token.missing');
  const handshake = handshakeSchema.safeParse(auth);
  if (!handshake.success) return hubRefusal('handshake.invalid');
  const { token, event } = handshake.data;
  const verified = await verifier.verify(token);
  if (!verified.ok) return hubRefusal(verified.code);
  if (!(await isKnownEvent(event))) return hubRefusal('event.unknown');
  const { subject: owner, expiresAtMs } = verified;
  return { outcome: 'admitted', owner, event, token, expiresAtMs };
}

/** How a refusal travels to `connect_error`: Socket.IO sends `message` and `data`. */
export class HandshakeRefusedError extends Error {
  override readonly name = 'HandshakeRefusedError';
  readonly data: HubRefusal;

  constructor(refusal: HubRefusal) {
    super(refusal.code);
    this.data = refusal;
  }
}
