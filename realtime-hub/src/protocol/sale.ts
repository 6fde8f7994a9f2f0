import type { SaleState } from '@holdfast/db/model';
import { isPlainObject } from './decoded.ts';

/** The event's sale state changed; also part of every watch answer. */
export type SaleMessage = { readonly sale: SaleState };

const SALE_STATES: ReadonlySet<unknown> = new Set(['draft', 'open', 'paused', 'closed']);

export function isSaleState(value: unknown): value is SaleState {
  return SALE_STATES.has(value);
}

export function readSaleMessage(value: unknown): SaleMessage | null {
  if (!isPlainObject(value)) return null;
  const { sale } = value;
  return isSaleState(sale) ? { sale } : null;
}
