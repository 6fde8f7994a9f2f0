import { isPlainObject } from './decoded.ts';

/**
 * Whether the hub could lately compare its map with the store; also part of every watch answer.
 * While it cannot, frames may still arrive, but nobody knows what is missing, so a viewer shows
 * the seats as they were last known and says so.
 */
export type TruthMessage = { readonly reached: boolean };

export function readTruthMessage(value: unknown): TruthMessage | null {
  if (!isPlainObject(value)) return null;
  const { reached } = value;
  return typeof reached === 'boolean' ? { reached } : null;
}
