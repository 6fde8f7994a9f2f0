import type { Chart } from '@holdfast/db/model';
import { type Camera, createCamera } from './camera.ts';
import { buildGeometry, type MapGeometry } from './geometry.ts';
import { createCanvasStack } from './map-canvases.ts';
import { createMapPainter, type MapTheme } from './map-painter.ts';
import { createSeatGrid, type SeatGrid } from './seat-grid.ts';
import { createSeatLayers, type SeatLayers, SeatLook } from './seat-layers.ts';
import type { SeatNames } from './seat-names.ts';
import type { Size } from './view.ts';

/**
 * Everything that is seen: geometry, layers, camera and canvases, painted together in one
 * animation frame at most, and only as far as something changed.
 */
export type MapScene = {
  readonly geometry: MapGeometry;
  readonly grid: SeatGrid;
  readonly layers: SeatLayers;
  readonly camera: Camera;
  readonly viewport: Size;
  /** Distance between neighbouring seats on screen, in CSS pixels. */
  readonly pitchPx: number;
  /** Centre of a seat in CSS pixels of the host. */
  screenX(seat: number): number;
  screenY(seat: number): number;
  paintedLook(seat: number): SeatLook;
  /** Asks for a frame; the layers and the camera know themselves what has changed. */
  refresh(): void;
  setTheme(theme: MapTheme): void;
  setHovered(seat: number): void;
  /** -1 hides the keyboard cursor. */
  setCursor(seat: number): void;
  destroy(): void;
};

export type SceneOptions = {
  readonly chart: Chart;
  readonly names: SeatNames;
  readonly theme: MapTheme;
  /** No flights of the camera: the person asked the system for less motion. */
  readonly still: boolean;
};

export function createMapScene(host: HTMLElement, options: SceneOptions): MapScene {
  const { chart, names } = options;
  const geometry = buildGeometry(chart);
  const grid = createSeatGrid(geometry);
  const layers = createSeatLayers(geometry.seatCount);
  const canvases = createCanvasStack(host);
  const camera = createCamera(geometry, options.still);
  const painter = createMapPainter({ chart, geometry, grid, layers, names, canvases });
  const painted = new Uint8Array(geometry.seatCount);
  let theme = options.theme;
  let rings = { hovered: -1, cursor: -1 };
  let stale: 'nothing' | 'lettering' | 'all' = 'all';
  let frame = 0;

  const refresh = (): void => {
    if (frame === 0) frame = requestAnimationFrame(paint);
  };
  const paint = (frameMs: number): void => {
    frame = 0;
    const moved = camera.step(frameMs);
    const dirty = layers.takeDirty();
    if (moved || stale === 'all' || dirty === 'all') {
      painter.paintAll(camera.view, theme, rings);
    } else {
      if (dirty.length > 0) painter.paintSeats(dirty);
      if (stale === 'lettering') painter.paintLettering(camera.view, theme, rings);
    }
    stale = 'nothing';
    notePainted(painted, layers, dirty);
    if (moved) refresh();
  };
  const setRings = (next: typeof rings): void => {
    if (next.hovered === rings.hovered && next.cursor === rings.cursor) return;
    rings = next;
    if (stale === 'nothing') stale = 'lettering';
    refresh();
  };
  const resizing = new ResizeObserver(() => {
    if (!canvases.resize() || canvases.current === null) return;
    camera.resize(canvases.current.viewport);
    stale = 'all';
    refresh();
  });
  resizing.observe(host);

  return {
    geometry,
    grid,
    layers,
    camera,
    get viewport() {
      return canvases.current?.viewport ?? { width: 0, height: 0 };
    },
    get pitchPx() {
      return geometry.pitch * camera.view.scale;
    },
    screenX: (seat) => (geometry.x[seat] ?? 0) * camera.view.scale + camera.view.shiftX,
    screenY: (seat) => (geometry.y[seat] ?? 0) * camera.view.scale + camera.view.shiftY,
    paintedLook: (seat) => lookNamed(painted[seat] ?? 0),
    refresh,
    setTheme(next) {
      theme = next;
      stale = 'all';
      refresh();
    },
    setHovered: (hovered) => setRings({ ...rings, hovered }),
    setCursor: (cursor) => setRings({ ...rings, cursor }),
    destroy() {
      resizing.disconnect();
      cancelAnimationFrame(frame);
      canvases.remove();
    },
  };
}

function notePainted(
  painted: Uint8Array,
  layers: SeatLayers,
  dirty: readonly number[] | 'all',
): void {
  if (dirty === 'all') {
    for (let seat = 0; seat < painted.length; seat += 1) painted[seat] = layers.lookOf(seat);
  } else {
    for (const seat of dirty) painted[seat] = layers.lookOf(seat);
  }
}

const LOOKS: readonly SeatLook[] = Object.values(SeatLook);

function lookNamed(value: number): SeatLook {
  return LOOKS[value] ?? SeatLook.available;
}
