import type { SaleState } from '@holdfast/db/model';
import type { BasketMessage } from './basket-message.ts';

/** Everything a shopper may hear of: from the basket, or because a tap cannot be followed. */
export type ShopNews =
  | BasketMessage
  | { readonly kind: 'not-on-sale'; readonly sale: SaleState }
  | { readonly kind: 'not-free'; readonly seat: string };
