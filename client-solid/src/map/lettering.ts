import type { MapGeometry, MapRow, MapSection } from './geometry.ts';
import type { LabelSprites } from './label-sprites.ts';
import { type PlacedLabel, placeSectionLabels } from './section-labels.ts';
import type { Size, View } from './view.ts';

/** What stands over the seats: names of sections when far away, of rows when near, and two rings. */
export type LetteringPlan = {
  readonly geometry: MapGeometry;
  /** The sections to name; those that the chart names by a text of its own are left out. */
  readonly sections: readonly MapSection[];
  readonly view: View;
  readonly viewport: Size;
  readonly pixelRatio: number;
  readonly sprites: LabelSprites;
  readonly rings: Rings;
  readonly ringColours: { readonly hovered: string; readonly cursor: string };
};

export type Rings = {
  /** Seat under the mouse, or -1. */
  readonly hovered: number;
  /** Seat of the keyboard cursor, or -1. */
  readonly cursor: number;
};

const ROWS_FROM_PITCH_PX = 13;
const ROW_FONT_PX = 11;
const OUT_OF_SIGHT_PX = 40;

export function paintLettering(context: CanvasRenderingContext2D, plan: LetteringPlan): void {
  const { geometry, view, viewport, pixelRatio, rings, ringColours } = plan;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, viewport.width, viewport.height);
  const labels =
    geometry.pitch * view.scale >= ROWS_FROM_PITCH_PX
      ? geometry.rows.flatMap((row) => rowLabels(row, plan))
      : placeSectionLabels(plan.sections, view, viewport, plan.sprites);
  for (const { sprite, x, y } of labels) {
    const [left, top] = [x - sprite.width / 2, y - sprite.height / 2];
    context.drawImage(sprite.canvas, left, top, sprite.width, sprite.height);
  }
  paintRing(context, geometry, view, rings.hovered, ringColours.hovered, 1.5);
  paintRing(context, geometry, view, rings.cursor, ringColours.cursor, 3);
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

function paintRing(
  context: CanvasRenderingContext2D,
  { x, y, pitch }: MapGeometry,
  view: View,
  seat: number,
  colour: string,
  width: number,
): void {
  if (seat < 0) return;
  context.beginPath();
  context.arc(
    (x[seat] ?? 0) * view.scale + view.shiftX,
    (y[seat] ?? 0) * view.scale + view.shiftY,
    Math.max(5, pitch * view.scale * 0.5 + width),
    0,
    2 * Math.PI,
  );
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}
