/**
 * The seats of the socket wire, read by code that shares no line with the product: written from the
 * description of the wire alone. A mistake that encoder and decoder of the product make together
 * shows here.
 */

/** Bytes of base64url text without padding. */
export function bytesOf(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text)) throw new Error(`no base64url: ${text.slice(0, 40)}`);
  return Uint8Array.from(Buffer.from(text, 'base64url'));
}

/** Ascending seats of a section with their states: varints of (seats skipped << 2 | state). */
export function* changesOf(payload: string): Generator<readonly [seat: number, state: number]> {
  const bytes = bytesOf(payload);
  let next = 0;
  for (let at = 0; at < bytes.length; ) {
    let word = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at] ?? Number.NaN;
      if (Number.isNaN(byte)) throw new Error('a change that ends in the middle');
      word += (byte % 128) * 2 ** shift;
      shift += 7;
      at += 1;
    } while (byte >= 128);
    const seat = next + Math.floor(word / 4);
    yield [seat, word % 4];
    next = seat + 1;
  }
}

/** The states of all seats of a section: four a byte, the first in the lowest bits. */
export function* fullStateOf(payload: string, seatCount: number): Generator<number> {
  const bytes = bytesOf(payload);
  if (bytes.length !== Math.ceil(seatCount / 4)) throw new Error('a full state of another length');
  for (let seat = 0; seat < seatCount; seat += 1) {
    yield Math.floor((bytes[Math.floor(seat / 4)] ?? 0) / 4 ** (seat % 4)) % 4;
  }
}

/** The sum of the mixed (seat * 4 + state) of a section, as beats carry it, in unsigned 32 bits. */
export function digestOf(states: Iterable<number>): number {
  let sum = 0n;
  let seat = 0n;
  for (const state of states) {
    sum += mixed(seat * 4n + BigInt(state));
    seat += 1n;
  }
  return Number(BigInt.asUintN(32, sum));
}

/** In big integers, where nothing overflows by itself. */
function mixed(value: bigint): bigint {
  const cut = (wide: bigint): bigint => BigInt.asUintN(32, wide);
  let word = cut(value + 0x9e3779b9n);
  word = cut((word ^ (word >> 16n)) * 0x21f0aaadn);
  word = cut((word ^ (word >> 15n)) * 0x735a2d97n);
  return word ^ (word >> 15n);
}
