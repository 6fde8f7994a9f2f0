import { type Chart, type Point, seatCategories } from '@holdfast/db/model';

/**
 * The chart in the form that painting and hit testing want: parallel typed arrays in index order.
 * Nothing here exists once per seat except a few bytes, so 70,000 seats stay about 1 MB.
 */
export type MapGeometry = {
  readonly seatCount: number;
  /** Size of the chart's plane in its own units. */
  readonly width: number;
  readonly height: number;
  /** Centre of each seat. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Index into the chart's categories. */
  readonly category: Uint8Array;
  /** A `SeatKind`. */
  readonly kind: Uint8Array;
  /** Index into `sections`. */
  readonly sectionOf: Uint16Array;
  readonly sections: readonly MapSection[];
  readonly rows: readonly MapRow[];
  /** Typical distance between two neighbours: the measure for a seat's drawn size. */
  readonly pitch: number;
};

export const SeatKind = { ordinary: 0, accessible: 1, companion: 2 } as const;

export type Bounds = {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
};

export type MapSection = {
  readonly id: string;
  readonly name: string;
  readonly start: number;
  readonly seatCount: number;
  readonly bounds: Bounds;
  /** A seat's centre near the middle, so that a name written there lies on the section. */
  readonly anchor: Point;
};

export type MapRow = { readonly name: string; readonly start: number; readonly seatCount: number };

/** Builds the arrays. The chart comes from the API, where it was validated. */
export function buildGeometry(chart: Chart): MapGeometry {
  const count = chart.seatCount;
  const arrays = {
    x: new Float32Array(count),
    y: new Float32Array(count),
    kind: new Uint8Array(count),
    sectionOf: new Uint16Array(count),
  };
  const rows: MapRow[] = [];
  const sections: MapSection[] = [];
  for (const [at, section] of chart.sections.entries()) {
    let next = section.start;
    for (const row of section.rows) {
      rows.push({ name: row.name, start: next, seatCount: row.x.length });
      arrays.x.set(row.x, next);
      arrays.y.set(row.y, next);
      for (const place of row.accessible) arrays.kind[next + place] = SeatKind.accessible;
      for (const place of row.companion) arrays.kind[next + place] = SeatKind.companion;
      next += row.x.length;
    }
    arrays.sectionOf.fill(at, section.start, next);
    const { id, name, start, seatCount } = section;
    const shape = shapeOf(arrays.x, arrays.y, start, next);
    sections.push({ id, name, start, seatCount, ...shape });
  }
  const { width, height } = chart;
  const category = seatCategories(chart);
  const pitch = typicalPitch(arrays.x, arrays.y, rows);
  return { seatCount: count, width, height, ...arrays, category, rows, sections, pitch };
}

function shapeOf(x: Float32Array, y: Float32Array, from: number, to: number) {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  let [sumX, sumY] = [0, 0];
  for (let seat = from; seat < to; seat += 1) {
    const [seatX, seatY] = [x[seat] ?? 0, y[seat] ?? 0];
    minX = Math.min(minX, seatX);
    maxX = Math.max(maxX, seatX);
    minY = Math.min(minY, seatY);
    maxY = Math.max(maxY, seatY);
    sumX += seatX;
    sumY += seatY;
  }
  const middle = { x: sumX / (to - from), y: sumY / (to - from) };
  let [anchor, best] = [middle, Infinity];
  for (let seat = from; seat < to; seat += 1) {
    const [seatX, seatY] = [x[seat] ?? 0, y[seat] ?? 0];
    const distance = (seatX - middle.x) ** 2 + (seatY - middle.y) ** 2;
    if (distance < best) [anchor, best] = [{ x: seatX, y: seatY }, distance];
  }
  return { bounds: { minX, minY, maxX, maxY }, anchor };
}

/** Gaps below this share of all gaps are the narrow ones; seats drawn at that size never overlap much. */
const NARROW_GAP_SHARE = 0.1;
const ROWS_SAMPLED_MAX = 400;

function typicalPitch(x: Float32Array, y: Float32Array, rows: readonly MapRow[]): number {
  const gaps: number[] = [];
  const step = Math.max(1, Math.floor(rows.length / ROWS_SAMPLED_MAX));
  for (let at = 0; at < rows.length; at += step) {
    const row = rows[at];
    if (row === undefined) continue;
    for (let seat = row.start + 1; seat < row.start + row.seatCount; seat += 1) {
      const acrossX = (x[seat] ?? 0) - (x[seat - 1] ?? 0);
      const acrossY = (y[seat] ?? 0) - (y[seat - 1] ?? 0);
      gaps.push(Math.hypot(acrossX, acrossY));
    }
  }
  gaps.sort((a, b) => a - b);
  const narrow = gaps[Math.floor(gaps.length * NARROW_GAP_SHARE)] ?? 0;
  return narrow > 0 ? narrow : LONE_SEAT_PITCH;
}

/** Where no two seats are neighbours: half a metre, when a unit is a centimetre. */
const LONE_SEAT_PITCH = 50;
