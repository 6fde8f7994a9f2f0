/**
 * What the seats of a hold cost, fixed when they were placed or amended. The API computes it from
 * the pinned chart; a client never sends a price.
 */
export type Quote = {
  /** ISO 4217. */
  readonly currency: string;
  /** The chart hash the prices were read from. */
  readonly priceVersion: string;
  /** Minor units, one for each seat of the hold, in the order of its seats. */
  readonly amounts: readonly number[];
};

/** `GBP:<price version>:4500,4500`; safe inside a hold record. */
export function encodeQuote(quote: Quote): string {
  return `${quote.currency}:${quote.priceVersion}:${quote.amounts.join(',')}`;
}

export function decodeQuote(text: string): Quote {
  const [currency = '', priceVersion = '', amounts = ''] = text.split(':');
  return {
    currency,
    priceVersion,
    amounts: amounts === '' ? [] : amounts.split(',').map(Number),
  };
}

export function quoteTotal(quote: Quote): number {
  return quote.amounts.reduce((sum, amount) => sum + amount, 0);
}
