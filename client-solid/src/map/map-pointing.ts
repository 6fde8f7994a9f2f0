import type { PointerKind } from './gestures.ts';
import type { MapScene } from './map-scene.ts';
import { worldX, worldY } from './view.ts';

/** Seats nearer to each other than this are too small to aim at; a tap there zooms in. */
export const CHOOSABLE_FROM_PITCH_PX = { mouse: 7, touch: 15 } as const;
/** The pitch after such a tap: comfortable for a fingertip. */
const COMFORTABLE_PITCH_PX = 26;
/** A tap reaches this far beside a seat, in pitches. */
const TAP_REACH_PITCHES = 0.7;
/** Far away the mouse finds a section when it is this near to one of its seats. */
const SECTION_REACH_PX = 10;
/** The keyboard cursor keeps this distance from the edge of the viewport. */
const CURSOR_MARGIN_PX = 48;

/** What the mouse is over: a seat, or far away a section. The point is in CSS pixels of the host. */
export type MapSpot =
  | { readonly kind: 'seat'; readonly seat: number; readonly x: number; readonly y: number }
  | { readonly kind: 'section'; readonly section: number; readonly x: number; readonly y: number };

/** The seat at a point of the host, or -1. */
export function seatAt(scene: MapScene, x: number, y: number): number {
  const { view } = scene.camera;
  const reach = scene.geometry.pitch * TAP_REACH_PITCHES;
  return scene.grid.nearest(worldX(view, x), worldY(view, y), reach);
}

export function spotAt(scene: MapScene, x: number, y: number): MapSpot | null {
  if (scene.pitchPx >= CHOOSABLE_FROM_PITCH_PX.mouse) {
    const seat = seatAt(scene, x, y);
    if (seat < 0) return null;
    return { kind: 'seat', seat, x: scene.screenX(seat), y: scene.screenY(seat) };
  }
  const { view } = scene.camera;
  const reach = SECTION_REACH_PX / view.scale;
  const seat = scene.grid.nearest(worldX(view, x), worldY(view, y), reach);
  if (seat < 0) return null;
  return { kind: 'section', section: scene.geometry.sectionOf[seat] ?? 0, x, y };
}

/** The seat a tap chooses, or -1; where seats are too small to aim at, the map comes nearer instead. */
export function tapAt(scene: MapScene, x: number, y: number, kind: PointerKind): number {
  if (scene.pitchPx >= CHOOSABLE_FROM_PITCH_PX[kind]) return seatAt(scene, x, y);
  scene.camera.flyBy(COMFORTABLE_PITCH_PX / scene.pitchPx, x, y);
  scene.refresh();
  return -1;
}

/** Brings a seat into the middle, at least at a comfortable size. */
export function showSeat(scene: MapScene, seat: number): void {
  const { geometry, camera } = scene;
  const scale = Math.max(camera.view.scale, COMFORTABLE_PITCH_PX / geometry.pitch);
  camera.flyTo(geometry.x[seat] ?? 0, geometry.y[seat] ?? 0, scale);
  scene.refresh();
}

/** The seat after one step of the keyboard cursor (-1: it has no seat yet), brought into sight. */
export function stepCursor(scene: MapScene, from: number, dx: number, dy: number): number {
  const next = from < 0 ? middleSeat(scene) : scene.grid.next(from, dx, dy);
  if (next < 0) return from;
  if (!comfortablyInSight(scene, next)) showSeat(scene, next);
  return next;
}

function middleSeat(scene: MapScene): number {
  const { geometry, viewport, camera } = scene;
  const [x, y] = [viewport.width / 2, viewport.height / 2];
  const everywhere = Math.max(geometry.width, geometry.height);
  return scene.grid.nearest(worldX(camera.view, x), worldY(camera.view, y), everywhere);
}

function comfortablyInSight(scene: MapScene, seat: number): boolean {
  const { viewport } = scene;
  const [x, y] = [scene.screenX(seat), scene.screenY(seat)];
  const inX = x > CURSOR_MARGIN_PX && x < viewport.width - CURSOR_MARGIN_PX;
  const inY = y > CURSOR_MARGIN_PX && y < viewport.height - CURSOR_MARGIN_PX;
  return inX && inY && scene.pitchPx >= CHOOSABLE_FROM_PITCH_PX.touch;
}
