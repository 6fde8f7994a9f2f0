import type { MapGeometry } from './geometry.ts';
import { CHOOSABLE_FROM_PITCH_PX } from './map-pointing.ts';
import {
  between,
  centred,
  fitView,
  keptInSight,
  panBy,
  type ScaleLimits,
  type Size,
  scaleLimits,
  type View,
  zoomAt,
} from './view.ts';

/**
 * Where the map looks, and how it gets there. Drags and pinches act at once; buttons, keys and
 * jumps fly there in a few frames. Time comes with each frame, the camera has no clock.
 */
export type Camera = {
  readonly view: View;
  /** Takes the size of the viewport; a chart that is shown whole stays so, otherwise the same part. */
  resize(viewport: Size): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  /** Flies to the view zoomed by `factor` around a point, or the middle of the viewport. */
  flyBy(factor: number, x?: number, y?: number): void;
  flyToFit(): void;
  /** Flies to a world point at a scale; the scale is kept within its limits. */
  flyTo(worldX: number, worldY: number, scale: number): void;
  /** Moves on to the frame's time; true while the view changes. */
  step(frameMs: number): boolean;
};

const FLIGHT_MS = 220;

type Flight = { readonly from: View; readonly to: View; startMs: number | null };

/** `still`: no flights, every change at once (the person asked the system for less motion). */
export function createCamera(geometry: MapGeometry, still: boolean): Camera {
  let viewport: Size = { width: 0, height: 0 };
  let limits: ScaleLimits = { min: 1, max: 1 };
  let view: View = { scale: 1, shiftX: 0, shiftY: 0 };
  let flight: Flight | null = null;
  let changed = false;
  /** Nobody has moved since everything was shown. */
  let fitted = true;

  const jump = (to: View): void => {
    flight = null;
    view = keptInSight(to, geometry, viewport);
    changed = true;
  };
  const fly = (to: View): void => {
    const target = keptInSight(to, geometry, viewport);
    if (still) jump(target);
    else flight = { from: view, to: target, startMs: null };
  };
  /** Where a flight under way will end: a second press of a button adds to the first. */
  const aim = (): View => flight?.to ?? view;

  return {
    get view() {
      return view;
    },
    resize(size) {
      const { width } = viewport;
      const { x, y } = middleOf(view, viewport);
      viewport = size;
      limits = scaleLimits(geometry, size, geometry.pitch);
      const tooSmallToTap = geometry.pitch * view.scale < CHOOSABLE_FROM_PITCH_PX.mouse;
      if (width === 0 || (fitted && tooSmallToTap)) jump(fitView(geometry, size));
      // A sheet that grew from below must not move the seats away under a finger.
      else if (width === size.width) jump(view);
      else jump(centred(Math.max(limits.min, view.scale), x, y, size));
    },
    pan: (dx, dy) => {
      fitted = false;
      jump(panBy(view, dx, dy));
    },
    zoom: (factor, x, y) => {
      fitted = false;
      jump(zoomAt(view, factor, x, y, limits));
    },
    flyBy: (factor, x = viewport.width / 2, y = viewport.height / 2) => {
      fitted = false;
      fly(zoomAt(aim(), factor, x, y, limits));
    },
    flyToFit: () => {
      fitted = true;
      fly(fitView(geometry, viewport));
    },
    flyTo: (worldX, worldY, scale) => {
      fitted = false;
      fly(centred(clamp(scale, limits), worldX, worldY, viewport));
    },
    step(frameMs) {
      if (flight !== null) {
        const done = progress(flight, frameMs);
        view = between(flight.from, flight.to, 1 - (1 - done) ** 3);
        changed = true;
        if (done === 1) flight = null;
      }
      const moved = changed;
      changed = flight !== null;
      return moved;
    },
  };
}

function clamp(scale: number, { min, max }: ScaleLimits): number {
  return Math.min(max, Math.max(min, scale));
}

/** How much of a flight is done, 0 to 1; its first frame starts it. */
function progress(flight: Flight, frameMs: number): number {
  flight.startMs ??= frameMs;
  return Math.min(1, (frameMs - flight.startMs) / FLIGHT_MS);
}

/** The world point in the middle of the viewport. */
function middleOf(view: View, viewport: Size): { x: number; y: number } {
  return {
    x: (viewport.width / 2 - view.shiftX) / view.scale,
    y: (viewport.height / 2 - view.shiftY) / view.scale,
  };
}
