import type { MapGeometry, MapRow, MapSection } from './geometry.ts';
import type { Size, View } from './view.ts';

/** Names over the seats: sections when far away, rows when near, and the rings of pointer and cursor. */
export type LetteringStyle = {
  readonly ink: string;
  /** The page behind the map; a rim of it keeps letters readable over seats. */
  readonly paper: string;
  readonly accent: string;
  readonly fontFamily: string;
};

export type Rings = {
  /** Seat under the mouse, or -1. */
  readonly hovered: number;
  /** Seat of the keyboard cursor, or -1. */
  readonly cursor: number;
};

const ROWS_FROM_PITCH_PX = 13;
const SECTION_FONT_PX = 13;
const ROW_FONT_PX = 11;
const RIM_PX = 4;

export function paintLettering(
  context: CanvasRenderingContext2D,
  geometry: MapGeometry,
  view: View,
  viewport: Size,
  pixelRatio: number,
  style: LetteringStyle,
  rings: Rings,
): void {
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, viewport.width, viewport.height);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = RIM_PX;
  context.strokeStyle = style.paper;
  context.fillStyle = style.ink;
  if (geometry.pitch * view.scale >= ROWS_FROM_PITCH_PX) {
    context.font = `600 ${ROW_FONT_PX}px ${style.fontFamily}`;
    for (const row of geometry.rows) nameRow(context, geometry, row, view, viewport);
  } else if (geometry.sections.length > 1) {
    context.font = `600 ${SECTION_FONT_PX}px ${style.fontFamily}`;
    for (const section of geometry.sections) nameSection(context, section, view, viewport);
  }
  paintRing(context, geometry, view, rings.hovered, style.ink, 1.5);
  paintRing(context, geometry, view, rings.cursor, style.accent, 3);
}

function nameSection(
  context: CanvasRenderingContext2D,
  section: MapSection,
  view: View,
  viewport: Size,
): void {
  const { bounds, anchor } = section;
  const room = (bounds.maxX - bounds.minX) * view.scale;
  const text = [section.name, section.id].find((name) => context.measureText(name).width <= room);
  if (text === undefined || (bounds.maxY - bounds.minY) * view.scale < SECTION_FONT_PX) return;
  write(
    context,
    text,
    anchor.x * view.scale + view.shiftX,
    anchor.y * view.scale + view.shiftY,
    viewport,
  );
}

/** A row's name stands one pitch before its first seat and one after its last. */
function nameRow(
  context: CanvasRenderingContext2D,
  geometry: MapGeometry,
  row: MapRow,
  view: View,
  viewport: Size,
): void {
  const last = row.start + row.seatCount - 1;
  nameRowEnd(context, geometry, row, row.start, Math.min(last, row.start + 1), view, viewport);
  nameRowEnd(context, geometry, row, last, Math.max(row.start, last - 1), view, viewport);
}

function nameRowEnd(
  context: CanvasRenderingContext2D,
  { x, y, pitch }: MapGeometry,
  row: MapRow,
  end: number,
  inner: number,
  view: View,
  viewport: Size,
): void {
  const [awayX, awayY] = [(x[end] ?? 0) - (x[inner] ?? 0), (y[end] ?? 0) - (y[inner] ?? 0)];
  const length = Math.hypot(awayX, awayY);
  const [stepX, stepY] =
    length > 0 ? [awayX / length, awayY / length] : [end === row.start ? -1 : 1, 0];
  const atX = ((x[end] ?? 0) + stepX * pitch) * view.scale + view.shiftX;
  const atY = ((y[end] ?? 0) + stepY * pitch) * view.scale + view.shiftY;
  write(context, row.name, atX, atY, viewport);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  viewport: Size,
): void {
  if (x < -40 || y < -20 || x > viewport.width + 40 || y > viewport.height + 20) return;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
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
  const radius = Math.max(5, pitch * view.scale * 0.5 + width);
  context.beginPath();
  context.arc(
    (x[seat] ?? 0) * view.scale + view.shiftX,
    (y[seat] ?? 0) * view.scale + view.shiftY,
    radius,
    0,
    2 * Math.PI,
  );
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
  context.restore();
}
