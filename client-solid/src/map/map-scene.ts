import type { Chart } from '@holdfast/db/model';
import { type Camera, createCamera } from './camera.ts';
import { buildGeometry, type MapGeometry } from './geometry.ts';
import { type CanvasStack, createCanvasStack } from './map-canvases.ts';
import { createMapFrames } from './map-frames.ts';
import { createMapPainter, type MapTheme } from './map-painter.ts';
import { createSeatGrid, type SeatGrid } from './seat-grid.ts';
import { createSeatLayers, type SeatLayers, type SeatLook } from './seat-layers.ts';
import type { SeatNames } from './seat-names.ts';
import { type Size, screenX, screenY } from './view.ts';

/**
 * Everything that is seen: geometry, layers, camera and canvases, tied together.
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
  const frames = createMapFrames({ camera, layers, painter, theme: options.theme });
  const stopResizing = watchSize(host, canvases, (size) => {
    camera.resize(size);
    frames.repaintNow();
  });

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
    screenX: (seat) => screenX(camera.view, geometry.x[seat] ?? 0),
    screenY: (seat) => screenY(camera.view, geometry.y[seat] ?? 0),
    paintedLook: frames.paintedLook,
    refresh: frames.refresh,
    setTheme: frames.setTheme,
    setHovered: (hovered) => frames.setRings({ hovered }),
    setCursor: (cursor) => frames.setRings({ cursor }),
    destroy() {
      stopResizing();
      frames.stop();
      canvases.remove();
    },
  };
}

/** Fits the canvases whenever the host's size changes; the answer stops it. */
function watchSize(
  host: HTMLElement,
  canvases: CanvasStack,
  resized: (viewport: Size) => void,
): () => void {
  const observer = new ResizeObserver(() => {
    if (canvases.resize() && canvases.current !== null) resized(canvases.current.viewport);
  });
  observer.observe(host);
  return () => observer.disconnect();
}
