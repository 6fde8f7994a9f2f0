/** Amounts come as integer minor units; how many make a major one is the currency's business. */
export type MoneyFormat = (minorUnits: number) => string;

/** A formatter for an ISO 4217 currency in the reader's language. */
export function moneyFormat(currency: string, locale?: string): MoneyFormat {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const whole = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: 0,
  });
  const unit = 10 ** digits;
  // Round prices read better without zeros.
  return (amount) => (amount % unit === 0 ? whole : format).format(amount / unit);
}
