import type { Problem } from '@holdfast/booking-api/contract';

/** What a basket has to tell its shopper; the page finds the words. */
export type BasketMessage =
  /** Somebody was faster. The rest of the basket is as it was. */
  | { readonly kind: 'taken'; readonly seats: readonly string[] }
  | { readonly kind: 'ended'; readonly why: 'expired' | 'revoked' | 'gone' | 'forgotten' }
  /** Seats of the basket went to a booking that was made before. */
  | { readonly kind: 'lost'; readonly seats: readonly string[] }
  | { readonly kind: 'too-many'; readonly most: number }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** No answer in spite of several attempts; the basket is read again. */
  | { readonly kind: 'unsettled' };
