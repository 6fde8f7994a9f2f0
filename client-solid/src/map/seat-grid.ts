import type { Bounds, MapGeometry } from './geometry.ts';

/**
 * A uniform grid over the seats: cells of a few pitches, each with a slice of one shared array.
 * Finds the seat under a finger, the seats inside a rectangle, and the next seat in a direction,
 * in microseconds and without an object per seat.
 */
export type SeatGrid = {
  /** The seat whose centre is nearest to the point, within `reach`; or -1. */
  nearest(x: number, y: number, reach: number): number;
  /** Calls `visit` for every seat whose centre lies in the box. */
  within(box: Bounds, visit: (seat: number) => void): void;
  /** The next seat in the direction (one of dx, dy is 1 or -1, the other 0), or -1 at the edge. */
  next(seat: number, dx: number, dy: number): number;
};

const CELL_PITCHES = 3;
const CELLS_PER_SEAT_MAX = 4;

export function createSeatGrid(geometry: MapGeometry): SeatGrid {
  const { x, y, pitch, seatCount } = geometry;
  const cells = layOutCells(geometry);
  const column = (at: number) => clamp(Math.floor(at / cells.size), cells.columns - 1);
  const line = (at: number) => clamp(Math.floor(at / cells.size), cells.lines - 1);

  const within = (box: Bounds, visit: (seat: number) => void): void => {
    for (let row = line(box.minY); row <= line(box.maxY); row += 1) {
      for (let col = column(box.minX); col <= column(box.maxX); col += 1) {
        const cell = row * cells.columns + col;
        const end = cells.starts[cell + 1] ?? 0;
        for (let at = cells.starts[cell] ?? 0; at < end; at += 1) {
          const seat = cells.seats[at] ?? 0;
          const [seatX, seatY] = [x[seat] ?? 0, y[seat] ?? 0];
          const inside = seatX >= box.minX && seatX <= box.maxX;
          if (inside && seatY >= box.minY && seatY <= box.maxY) visit(seat);
        }
      }
    }
  };

  const nearest = (atX: number, atY: number, reach: number): number => {
    let [found, best] = [-1, reach * reach];
    within(around(atX, atY, reach), (seat) => {
      const distance = ((x[seat] ?? 0) - atX) ** 2 + ((y[seat] ?? 0) - atY) ** 2;
      if (distance <= best) [found, best] = [seat, distance];
    });
    return found;
  };

  const next = (from: number, dx: number, dy: number): number => {
    if (from < 0 || from >= seatCount) return -1;
    const [fromX, fromY] = [x[from] ?? 0, y[from] ?? 0];
    const farthest = Math.max(geometry.width, geometry.height);
    for (let reach = 2 * pitch; ; reach *= 2) {
      let [found, best] = [-1, Infinity];
      within(around(fromX, fromY, reach), (seat) => {
        const [awayX, awayY] = [(x[seat] ?? 0) - fromX, (y[seat] ?? 0) - fromY];
        const ahead = awayX * dx + awayY * dy;
        const aside = Math.abs(awayX * dy) + Math.abs(awayY * dx);
        // A quarter turn wide: one step never lands on a seat that another arrow would reach first.
        if (seat === from || ahead <= 0 || aside > ahead) return;
        const cost = ahead * ahead + ASIDE_COST * aside * aside;
        if (cost < best) [found, best] = [seat, cost];
      });
      // A cheaper seat may still lie outside the box, straight ahead.
      if ((found >= 0 && best <= reach * reach) || reach > farthest) return found;
    }
  };

  return { nearest, within, next };
}

/** Going straight on counts more than being near. */
const ASIDE_COST = 4;

type Cells = {
  readonly size: number;
  readonly columns: number;
  readonly lines: number;
  /** Where a cell's slice of `seats` begins; one entry more than there are cells. */
  readonly starts: Uint32Array;
  readonly seats: Uint32Array;
};

function layOutCells({ x, y, width, height, pitch, seatCount }: MapGeometry): Cells {
  // A wide, thin chart would otherwise ask for many more cells than seats.
  const roomy = Math.sqrt((width * height) / Math.max(1, seatCount * CELLS_PER_SEAT_MAX));
  const size = Math.max(pitch * CELL_PITCHES, roomy, 1);
  const columns = Math.floor(width / size) + 1;
  const lines = Math.floor(height / size) + 1;
  const cellOf = (seat: number): number => {
    const col = clamp(Math.floor((x[seat] ?? 0) / size), columns - 1);
    return clamp(Math.floor((y[seat] ?? 0) / size), lines - 1) * columns + col;
  };
  const starts = new Uint32Array(columns * lines + 1);
  for (let seat = 0; seat < seatCount; seat += 1) {
    const after = cellOf(seat) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let cell = 1; cell < starts.length; cell += 1) {
    starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
  }
  const fill = starts.slice();
  const seats = new Uint32Array(seatCount);
  for (let seat = 0; seat < seatCount; seat += 1) {
    const cell = cellOf(seat);
    const at = fill[cell] ?? 0;
    seats[at] = seat;
    fill[cell] = at + 1;
  }
  return { size, columns, lines, starts, seats };
}

function around(x: number, y: number, reach: number): Bounds {
  return { minX: x - reach, minY: y - reach, maxX: x + reach, maxY: y + reach };
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(max, value));
}
