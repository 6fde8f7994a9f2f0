import { packedLength, packSeats, type SeatMap, unpackSeats } from '@holdfast/db/model';
import { base64Length, decodeBase64, encodeBase64 } from './base64.ts';
import { PAYLOAD_SEATS_MAX } from './limits.ts';

/**
 * The two ways to say what the seats of one section are, each as base64url text:
 * - changes: ascending seats as varints of (gap << 2 | state), gap = seats skipped since the last
 *   one; one byte where fewer than 32 are skipped, never more than two;
 * - full: two bits a seat from the section's first, four seats a byte, the first in the low bits.
 * A frame takes the shorter one, so it is never longer than the section's full state.
 */
export type PayloadKind = 'changes' | 'full';
export type SeatPayload = { readonly kind: PayloadKind; readonly payload: string };

/** Room for the changes of one section, reused from frame to frame: no object per seat. */
export type SeatChanges = {
  count: number;
  /** Within the section, ascending. */
  readonly indexes: Uint16Array;
  readonly states: Uint8Array;
};

const ONE_BYTE_GAP_END = 32;
const MORE = 0x80;
const CHANGE_BYTES_MAX = 2 * PAYLOAD_SEATS_MAX;
const PACKED_BYTES_MAX = packedLength(PAYLOAD_SEATS_MAX);

const changeBytes = new Uint8Array(CHANGE_BYTES_MAX);
const packedBytes = new Uint8Array(PACKED_BYTES_MAX);

export function createSeatChanges(): SeatChanges {
  return {
    count: 0,
    indexes: new Uint16Array(PAYLOAD_SEATS_MAX),
    states: new Uint8Array(PAYLOAD_SEATS_MAX),
  };
}

/** The shorter payload for a section whose states are `map[from..to)`. */
export function encodeSeats(
  changes: SeatChanges,
  map: SeatMap,
  from: number,
  to: number,
): SeatPayload {
  const length = writeChanges(changes);
  if (length < packedLength(to - from)) {
    return { kind: 'changes', payload: encodeBase64(changeBytes, length) };
  }
  return { kind: 'full', payload: encodeFullState(map, from, to) };
}

export function encodeSeatChanges(changes: SeatChanges): string {
  return encodeBase64(changeBytes, writeChanges(changes));
}

export function encodeFullState(map: SeatMap, from: number, to: number): string {
  return encodeBase64(packSeats(map, from, to));
}

/** Reads changes of a section of `seatCount` seats; false (and `into` empty) if they are not that. */
export function decodeSeatChanges(payload: string, seatCount: number, into: SeatChanges): boolean {
  into.count = 0;
  const length = decodeBase64(payload, changeBytes);
  if (length < 0) return false;
  let index = -1;
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    let word = changeBytes[at] ?? 0;
    if (word >= MORE) {
      at += 1;
      const high = changeBytes[at] ?? 0;
      if (at >= length || high >= MORE) return false;
      word = (word & 0x7f) | (high << 7);
    }
    index += 1 + (word >> 2);
    if (index >= seatCount) return false;
    into.indexes[count] = index;
    into.states[count] = word & 3;
    count += 1;
  }
  into.count = count;
  return true;
}

/** Reads the full state of a section into `into[0..seatCount)`; false if the text is not that. */
export function decodeFullState(payload: string, seatCount: number, into: Uint8Array): boolean {
  if (seatCount > into.length || payload.length !== base64Length(packedLength(seatCount))) {
    return false;
  }
  if (decodeBase64(payload, packedBytes) < 0) return false;
  unpackSeats(packedBytes, seatCount, into, 0);
  return true;
}

function writeChanges(changes: SeatChanges): number {
  let last = -1;
  let length = 0;
  for (let at = 0; at < changes.count; at += 1) {
    const index = changes.indexes[at] ?? 0;
    const gap = index - last - 1;
    const word = (gap << 2) | (changes.states[at] ?? 0);
    last = index;
    if (gap < ONE_BYTE_GAP_END) {
      changeBytes[length] = word;
      length += 1;
      continue;
    }
    changeBytes[length] = (word & 0x7f) | MORE;
    changeBytes[length + 1] = word >> 7;
    length += 2;
  }
  return length;
}
