import { type SeatMap, SeatState } from '@holdfast/db/model';

/**
 * What is known of every seat, in two layers that never mix: the published state, which only the
 * viewer writes, and this shopper's own layer (their basket, and what they just asked for). What
 * is painted is a `SeatLook`, made of both. So a refused wish disappears without a trace, and the
 * published layer can be compared with the server's digest at any time.
 */
export const SeatLook = {
  available: 0,
  held: 1,
  booked: 2,
  blocked: 3,
  /** In this shopper's basket. */
  mine: 4,
  /** Asked for; the server has not answered. */
  adding: 5,
  /** In the basket, asked to be given back. */
  dropping: 6,
} as const;
export type SeatLook = (typeof SeatLook)[keyof typeof SeatLook];

export const SEAT_LOOK_NAMES = [
  'available',
  'held',
  'booked',
  'blocked',
  'mine',
  'adding',
  'dropping',
] as const;
export type SeatLookName = (typeof SEAT_LOOK_NAMES)[number];

/** What the own layer says of a seat; marks add up, so a refused wish leaves the basket's mark. */
export const OwnMark = { mine: 1, adding: 2, dropping: 4 } as const;
export type OwnMark = (typeof OwnMark)[keyof typeof OwnMark];

export type SeatLayers = {
  /** The layer that the viewer publishes into; read it, never write it from here. */
  readonly published: SeatMap;
  /** Copies the states of the changed seats (all of them with 'all') and marks them dirty. */
  publish(map: SeatMap, changed: Iterable<number> | 'all'): void;
  /** Replaces one kind of mark: exactly these seats carry it afterwards. */
  mark(kind: OwnMark, seats: Iterable<number>): void;
  lookOf(seat: number): SeatLook;
  /** Seats whose look may have changed since the last call, each once; 'all' after a full publish. */
  takeDirty(): readonly number[] | 'all';
};

/** Beyond this many changed seats one full paint is cheaper than single ones. */
const DIRTY_SEATS_MAX = 2_000;

export function createSeatLayers(seatCount: number): SeatLayers {
  const published: SeatMap = new Uint8Array(seatCount);
  const own = new Uint8Array(seatCount);
  const marked = new Map<OwnMark, readonly number[]>();
  const isDirty = new Uint8Array(seatCount);
  let dirty: number[] = [];
  let allDirty = true;

  const touch = (seat: number): void => {
    if (allDirty || isDirty[seat] === 1 || seat < 0 || seat >= seatCount) return;
    isDirty[seat] = 1;
    dirty.push(seat);
    if (dirty.length > DIRTY_SEATS_MAX) allDirty = true;
  };

  return {
    published,
    publish(map, changed) {
      if (changed === 'all') {
        published.set(map.subarray(0, seatCount));
        allDirty = true;
        return;
      }
      for (const seat of changed) {
        const state = map[seat] ?? SeatState.available;
        if (published[seat] === state) continue;
        published[seat] = state;
        touch(seat);
      }
    },
    mark(kind, seats) {
      const next = [...seats].filter((seat) => seat >= 0 && seat < seatCount);
      for (const seat of marked.get(kind) ?? []) {
        own[seat] = (own[seat] ?? 0) & ~kind;
        touch(seat);
      }
      for (const seat of next) {
        own[seat] = (own[seat] ?? 0) | kind;
        touch(seat);
      }
      marked.set(kind, next);
    },
    lookOf(seat) {
      return lookOf(published[seat] ?? SeatState.available, own[seat] ?? 0);
    },
    takeDirty() {
      const taken = allDirty ? 'all' : dirty;
      if (allDirty) isDirty.fill(0);
      for (const seat of dirty) isDirty[seat] = 0;
      dirty = [];
      allDirty = false;
      return taken;
    },
  };
}

/** The own layer wins over the published one: a shopper's seats are published as held. */
function lookOf(state: number, marks: number): SeatLook {
  if ((marks & OwnMark.dropping) !== 0) return SeatLook.dropping;
  if ((marks & OwnMark.mine) !== 0) return SeatLook.mine;
  if ((marks & OwnMark.adding) !== 0) return SeatLook.adding;
  switch (state) {
    case SeatState.held:
      return SeatLook.held;
    case SeatState.booked:
      return SeatLook.booked;
    case SeatState.blocked:
      return SeatLook.blocked;
    default:
      return SeatLook.available;
  }
}
