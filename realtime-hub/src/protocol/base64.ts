/**
 * base64url without padding (RFC 4648 section 5) between bytes and text, by table. It is the same
 * in the browser and in Node, allocates nothing but the result, and refuses instead of throwing;
 * `atob` would cost an extra binary string a frame and accept white space.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FOREIGN = 0xff;
const ASCII = 128;

const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const VALUES = new Uint8Array(ASCII).fill(FOREIGN);
for (const [value, code] of CODES.entries()) VALUES[code] = value;

const letters = new TextDecoder('latin1');

/** Characters that `byteLength` bytes take. */
export function base64Length(byteLength: number): number {
  return Math.ceil((byteLength * 4) / 3);
}

/** The first `length` of `bytes` as text. */
export function encodeBase64(bytes: Uint8Array, length: number = bytes.length): string {
  const codes = new Uint8Array(base64Length(length));
  let at = 0;
  for (let from = 0; from < length; from += 3) {
    const word =
      ((bytes[from] ?? 0) << 16) |
      ((from + 1 < length ? (bytes[from + 1] ?? 0) : 0) << 8) |
      (from + 2 < length ? (bytes[from + 2] ?? 0) : 0);
    codes[at] = CODES[word >> 18] ?? 0;
    codes[at + 1] = CODES[(word >> 12) & 63] ?? 0;
    if (from + 1 < length) codes[at + 2] = CODES[(word >> 6) & 63] ?? 0;
    if (from + 2 < length) codes[at + 3] = CODES[word & 63] ?? 0;
    at += 4;
  }
  return letters.decode(codes);
}

/** Writes the bytes of `text` into `into` and returns how many; -1 if it is no base64url or too long. */
export function decodeBase64(text: string, into: Uint8Array): number {
  const length = Math.floor((text.length * 3) / 4);
  if (text.length % 4 === 1 || length > into.length) return -1;
  let word = 0;
  let at = 0;
  for (let from = 0; from < text.length; from += 1) {
    const value = VALUES[text.charCodeAt(from)] ?? FOREIGN;
    if (value === FOREIGN) return -1;
    word = ((word << 6) | value) & 0xffffff;
    const place = from & 3;
    if (place === 0) continue;
    into[at] = (word >> (6 - 2 * place)) & 0xff;
    at += 1;
  }
  return at;
}
