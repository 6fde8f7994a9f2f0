import type { Camera } from './camera.ts';
import type { Rings } from './lettering.ts';
import type { MapPainter, MapTheme } from './map-painter.ts';
import { type SeatLayers, SeatLook } from './seat-layers.ts';

/**
 * Gathers what has changed and paints it in the next animation frame: everything when the view
 * moved, otherwise only the changed seats and, if need be, the lettering over them.
 */
export type MapFrames = {
  /** Asks for a frame; layers and camera know themselves what has changed. */
  refresh(): void;
  /** Paints everything at once: a canvas that was resized is empty, and would be seen empty. */
  repaintNow(): void;
  setTheme(theme: MapTheme): void;
  setRings(rings: Partial<Rings>): void;
  /** How a seat was painted last: the layers may be ahead of the screen. */
  paintedLook(seat: number): SeatLook;
  stop(): void;
};

export type FramesParts = {
  readonly camera: Camera;
  readonly layers: SeatLayers;
  readonly painter: MapPainter;
  readonly theme: MapTheme;
};

export function createMapFrames({ camera, layers, painter, ...parts }: FramesParts): MapFrames {
  const painted = new Uint8Array(layers.published.length);
  let theme = parts.theme;
  let rings: Rings = { hovered: -1, cursor: -1 };
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
    const seats = dirty === 'all' ? painted.keys() : dirty;
    for (const seat of seats) painted[seat] = layers.lookOf(seat);
    if (moved) refresh();
  };

  return {
    refresh,
    repaintNow() {
      cancelAnimationFrame(frame);
      stale = 'all';
      // The time that an animation frame would be given now.
      paint(Number(document.timeline.currentTime ?? 0));
    },
    setTheme(next) {
      theme = next;
      stale = 'all';
      refresh();
    },
    setRings(next) {
      const { hovered, cursor } = { ...rings, ...next };
      if (hovered === rings.hovered && cursor === rings.cursor) return;
      rings = { hovered, cursor };
      if (stale === 'nothing') stale = 'lettering';
      refresh();
    },
    paintedLook: (seat) => LOOKS[painted[seat] ?? 0] ?? SeatLook.available,
    stop: () => cancelAnimationFrame(frame),
  };
}

const LOOKS: readonly SeatLook[] = Object.values(SeatLook);
