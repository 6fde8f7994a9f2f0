import type { Area, Chart } from '@holdfast/db/model';
import { inkOn, pixelOf } from './palette.ts';
import { over } from './sprites.ts';
import type { View } from './view.ts';

/** What lies under the seats: stage, pitch, stairs. Nothing here is ever tapped. */
export function paintGround(
  context: CanvasRenderingContext2D,
  chart: Chart,
  view: View,
  pixelRatio: number,
  style: GroundStyle,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const scale = view.scale * pixelRatio;
  context.setTransform(scale, 0, 0, scale, view.shiftX * pixelRatio, view.shiftY * pixelRatio);
  for (const area of chart.areas) {
    if (area.kind !== 'text') paintShape(context, area, style);
  }
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  for (const area of chart.areas) writeText(context, area, view, style);
}

export type GroundStyle = {
  readonly inkDark: string;
  readonly inkLight: string;
  /** The page behind the map, which shines through. */
  readonly paper: string;
  readonly fontFamily: string;
  /** 0 to 1: areas recede behind the seats, more so on a dark page. */
  readonly strength: number;
};

const TEXT_PX_MIN = 11;
const TEXT_PX_MAX = 22;
/** A text without a shape of its own grows with the map, as if it were this high. */
const TEXT_UNITS = 160;

function paintShape(context: CanvasRenderingContext2D, area: Area, style: GroundStyle): void {
  const [first, ...others] = area.points;
  if (first === undefined) return;
  context.beginPath();
  if (area.kind === 'circle') {
    context.arc(first.x, first.y, area.radius ?? 0, 0, 2 * Math.PI);
  } else {
    context.moveTo(first.x, first.y);
    for (const point of others) context.lineTo(point.x, point.y);
    context.closePath();
  }
  context.globalAlpha = style.strength;
  context.fillStyle = area.colour;
  context.fill();
  context.globalAlpha = 1;
}

function writeText(
  context: CanvasRenderingContext2D,
  area: Area,
  view: View,
  style: GroundStyle,
): void {
  if (area.text === undefined || area.points.length === 0) return;
  const size = Math.min(TEXT_PX_MAX, Math.max(TEXT_PX_MIN, TEXT_UNITS * view.scale));
  context.font = `600 ${size}px ${style.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = inkFor(area, style);
  let [x, y] = [0, 0];
  for (const point of area.points) {
    x += point.x / area.points.length;
    y += point.y / area.points.length;
  }
  const [atX, atY] = [x * view.scale + view.shiftX, y * view.scale + view.shiftY];
  context.fillText(area.text, atX, atY);
}

/** The ink that reads best on what is seen behind the text. */
function inkFor(area: Area, style: GroundStyle): string {
  const paper = pixelOf(style.paper);
  const behind = area.kind === 'text' ? paper : over(pixelOf(area.colour), style.strength, paper);
  const inks = { inkDark: pixelOf(style.inkDark), inkLight: pixelOf(style.inkLight) };
  return inkOn(behind, inks) === inks.inkDark ? style.inkDark : style.inkLight;
}
