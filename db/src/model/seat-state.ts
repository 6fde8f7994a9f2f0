/** What anybody may know of a seat: two bits. Who holds it is never on the wire. */
export const SeatState = { available: 0, held: 1, booked: 2, blocked: 3 } as const;
export type SeatState = (typeof SeatState)[keyof typeof SeatState];

export const SEAT_STATE_NAMES = ['available', 'held', 'booked', 'blocked'] as const;

const SEATS_PER_BYTE = 4;

/** One byte a seat (the form in Redis and in projections). Values 0 to 3. */
export type SeatMap = Uint8Array;

/** Bytes that `count` seats need at two bits each. */
export function packedLength(count: number): number {
  return Math.ceil(count / SEATS_PER_BYTE);
}

/** Packs `map[from..to)` at two bits a seat, the first seat in the low bits. */
export function packSeats(map: SeatMap, from: number, to: number): Uint8Array {
  const packed = new Uint8Array(packedLength(to - from));
  for (let seat = from; seat < to; seat += 1) {
    const at = seat - from;
    const state = map[seat] ?? 0;
    packed[at >> 2] = (packed[at >> 2] ?? 0) | (state << ((at & 3) * 2));
  }
  return packed;
}

/** The reverse of `packSeats`: writes `count` states into `map` from index `from` on. */
export function unpackSeats(packed: Uint8Array, count: number, map: SeatMap, from: number): void {
  for (let at = 0; at < count; at += 1) {
    map[from + at] = ((packed[at >> 2] ?? 0) >> ((at & 3) * 2)) & 3;
  }
}

/** A byte read from the wire or from Redis as a state; anything but 0 to 3 throws `RangeError`. */
export function seatState(value: number): SeatState {
  if (value === 0 || value === 1 || value === 2 || value === 3) return value;
  throw new RangeError(`not a seat state: ${value}`);
}
