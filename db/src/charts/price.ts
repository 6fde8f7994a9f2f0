import { ChartError } from './chart-error.ts';
import { PRICE_MAX } from './limits.ts';

/**
 * `45.00` in the minor units of a currency (ISO 4217 gives the pound two digits, the yen none). No
 * floating point is involved. Throws `ChartError` at `place`.
 */
export function parsePrice(text: string, currency: string, place: string): number {
  const digits = minorDigits(currency, place);
  const [, whole = '', fraction = ''] = /^([0-9]{1,9})(?:\.([0-9]+))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > digits) {
    const example = `45${digits === 0 ? '' : `.${'0'.repeat(digits)}`}`;
    throw new ChartError(
      'chart.price',
      place,
      `"${text}" is not a price in ${currency}; write ${example}`,
    );
  }
  const price = Number(whole + fraction.padEnd(digits, '0'));
  if (price > PRICE_MAX) throw new ChartError('chart.price', place, `"${text}" is over the limit`);
  return price;
}

/** Digits after the point: 2 for GBP, 0 for JPY, 3 for KWD. */
function minorDigits(currency: string, place: string): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch (cause) {
    const message = `"${currency}" is not a currency code; write GBP or EUR`;
    throw new ChartError('chart.price', place, message, { cause });
  }
}
