import type { SeatMap } from '@holdfast/db/model';

/**
 * The digest of a section: the sum over its seats of mix32(index * 4 + state) mod 2^32, index
 * within the section. A sum can be kept up to date with two terms a change, in any order, which is
 * why it is one; it guards against bugs and losses, not against an adversary (TLS does that).
 */
export function seatTerm(index: number, state: number): number {
  return mix32(index * 4 + state);
}

/** The digest of `map[from..to)` as an unsigned 32-bit number. */
export function sectionDigest(map: SeatMap, from: number, to: number): number {
  let sum = 0;
  for (let seat = from; seat < to; seat += 1) {
    sum = (sum + mix32((seat - from) * 4 + (map[seat] ?? 0))) | 0;
  }
  return sum >>> 0;
}

/** The digest after one seat went from `before` to `after`. */
export function movedDigest(digest: number, index: number, before: number, after: number): number {
  return (digest - seatTerm(index, before) + seatTerm(index, after)) >>> 0;
}

/** A 32-bit finalizer (two rounds of xor-shift and multiply): neighbours land far apart. */
function mix32(value: number): number {
  let mixed = (value + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
