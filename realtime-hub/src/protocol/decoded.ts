/** What reading a foreign text gives: the value, or why it cannot be one. Readers never throw. */
export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

export function readable<Value>(value: Value): Decoded<Value> {
  return { ok: true, value };
}

export function unreadable(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}

const COUNT_PATTERN = /^(?:0|[1-9][0-9]{0,15})$/;
const EPOCH_PATTERN = /^(?:0|[1-9][0-9]{0,19})$/;

/** A whole number from 0 to `max` in its only decimal form; -1 for anything else. */
export function readCount(text: string | undefined, max: number = Number.MAX_SAFE_INTEGER): number {
  if (text === undefined || !COUNT_PATTERN.test(text)) return -1;
  const value = Number(text);
  return value <= max ? value : -1;
}

/** Epochs are decimal strings of up to 20 digits, compared by `compareEpochs`. */
export function isEpoch(value: unknown): value is string {
  return typeof value === 'string' && EPOCH_PATTERN.test(value);
}

/** A whole number from 0 to `max` that came as a JSON number. */
export function isCount(value: unknown, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
}

/** A plain JSON object: its own keys can be read without meeting a prototype. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
