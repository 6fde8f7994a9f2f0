import type { MapGeometry, MapRow, MapSection } from './geometry.ts';
import type { LabelSprites } from './label-sprites.ts';
import type { SeatGrid } from './seat-grid.ts';
import { type PlacedLabel, placeSectionLabels } from './section-labels.ts';
import type { Size, View } from './view.ts';

/** What stands over the seats: names of sections when far away, of rows when near, and two rings. */
export type LetteringPlan = {
  readonly geometry: MapGeometry;
  readonly grid: SeatGrid;
  /** The sections to name; those that the chart names by a text of its own are left out. */
  readonly sections: readonly MapSection[];
  readonly view: View;
  readonly viewport: Size;
  readonly pixelRatio: number;
  readonly sprites: LabelSprites;
  readonly rings: Rings;
  readonly ringColours: RingColours;
};

export type RingColours = { readonly ink: string; readonly paper: string };

export type Rings = {
  /** Seat under the mouse, or -1. */
  readonly hovered: number;
  /** Seat of the keyboard cursor, or -1. */
  readonly cursor: number;
};

const ROWS_FROM_PITCH_PX = 13;
const ROW_FONT_PX = 11;
const OUT_OF_SIGHT_PX = 40;
const HOVER_RING_PX = 1.5;
const CURSOR_RING_PX = 3;
const RING_RIM_PX = 2;
const RING_OF_PITCH = 0.56;
const RING_RADIUS_MIN_PX = 5;

export function paintLettering(context: CanvasRenderingContext2D, plan: LetteringPlan): void {
  const { geometry, view, viewport, pixelRatio, rings } = plan;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, viewport.width, viewport.height);
  const labels =
    geometry.pitch * view.scale >= ROWS_FROM_PITCH_PX
      ? geometry.rows.flatMap((row) => rowLabels(row, plan))
      : placeSectionLabels(plan);
  for (const { sprite, x, y } of labels) {
    // On whole device pixels, or the letters would blur.
    const left = Math.round((x - sprite.width / 2) * pixelRatio) / pixelRatio;
    const top = Math.round((y - sprite.height / 2) * pixelRatio) / pixelRatio;
    context.drawImage(sprite.canvas, left, top, sprite.width, sprite.height);
  }
  paintRing(context, plan, rings.hovered, HOVER_RING_PX);
  paintRing(context, plan, rings.cursor, CURSOR_RING_PX);
}

/** A row's name stands one pitch before its first seat and one after its last. */
function rowLabels(row: MapRow, plan: LetteringPlan): PlacedLabel[] {
  const last = row.start + row.seatCount - 1;
  const ends = [
    rowEnd(row.start, Math.min(last, row.start + 1), -1, plan),
    rowEnd(last, Math.max(row.start, last - 1), 1, plan),
  ];
  const { viewport, sprites } = plan;
  return ends
    .filter(
      ({ x, y }) =>
        x > -OUT_OF_SIGHT_PX &&
        y > -OUT_OF_SIGHT_PX &&
        x < viewport.width + OUT_OF_SIGHT_PX &&
        y < viewport.height + OUT_OF_SIGHT_PX,
    )
    .map((end) => ({ sprite: sprites.sprite(row.name, ROW_FONT_PX), ...end }));
}

/** One pitch beyond the `end` seat, away from the `inner` one; `side` decides for a single seat. */
function rowEnd(
  end: number,
  inner: number,
  side: number,
  { geometry, view }: LetteringPlan,
): { readonly x: number; readonly y: number } {
  const { x, y, pitch } = geometry;
  const awayX = (x[end] ?? 0) - (x[inner] ?? 0);
  const awayY = (y[end] ?? 0) - (y[inner] ?? 0);
  const length = Math.hypot(awayX, awayY);
  const stepX = length > 0 ? awayX / length : side;
  const stepY = length > 0 ? awayY / length : 0;
  return {
    x: ((x[end] ?? 0) + stepX * pitch) * view.scale + view.shiftX,
    y: ((y[end] ?? 0) + stepY * pitch) * view.scale + view.shiftY,
  };
}

/** A ring around a seat, with a rim of paper so that it shows on any colour. */
function paintRing(
  context: CanvasRenderingContext2D,
  { geometry, view, ringColours }: LetteringPlan,
  seat: number,
  width: number,
): void {
  if (seat < 0) return;
  const x = (geometry.x[seat] ?? 0) * view.scale + view.shiftX;
  const y = (geometry.y[seat] ?? 0) * view.scale + view.shiftY;
  const radius = Math.max(RING_RADIUS_MIN_PX, geometry.pitch * view.scale * RING_OF_PITCH);
  context.beginPath();
  context.arc(x, y, radius + width / 2, 0, 2 * Math.PI);
  context.strokeStyle = ringColours.paper;
  context.lineWidth = width + RING_RIM_PX;
  context.stroke();
  context.strokeStyle = ringColours.ink;
  context.lineWidth = width;
  context.stroke();
}
