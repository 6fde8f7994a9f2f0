import { createHash } from 'node:crypto';
import type { OwnerId, Random } from '@holdfast/db/model';

/**
 * Names one intended change. With an `Idempotency-Key` the name is a hash over owner, route and
 * key, so that a repeated request is recognised, another owner's equal key is not, and no key text
 * reaches Redis. Without a key every request is a change of its own.
 */
export type Intent = {
  /** The field of the idempotency index, or '' without a key. */
  readonly idemField: string;
  /** Never ''. */
  readonly opId: string;
  readonly bodyHash: string;
};

const OP_ID_BYTES = 16;

export function nameIntent(
  request: {
    readonly owner: OwnerId;
    readonly method: string;
    /** The path as sent, ids included. */
    readonly path: string;
    readonly key: string | null;
    /** All that the request asks for, conditions included. */
    readonly content: unknown;
  },
  random: Random,
): Intent {
  const { owner, method, path, key } = request;
  const field = key === null ? '' : sha256(JSON.stringify([owner, `${method} ${path}`, key]));
  return {
    idemField: field,
    opId: field === '' ? Buffer.from(random.bytes(OP_ID_BYTES)).toString('hex') : field,
    bodyHash: sha256(JSON.stringify(request.content)),
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
