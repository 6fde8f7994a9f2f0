import type { SeatMap as SeatStates } from '@holdfast/db/model';
import { listenToGestures } from './gestures.ts';
import { keyCommand, ZOOM_STEP } from './key-commands.ts';
import type { MapTheme } from './map-painter.ts';
import {
  CHOOSABLE_FROM_PITCH_PX,
  type MapSpot,
  seatAt,
  showSeat,
  spotAt,
  stepCursor,
  tapAt,
} from './map-pointing.ts';
import { createMapScene, type MapScene, type SceneOptions } from './map-scene.ts';
import { OwnMark, type SeatLook } from './seat-layers.ts';

/**
 * The live seat map: one host element, three canvases, typed arrays. It knows seats by their index
 * and nothing of holds, sockets or Solid. What it shows is set from outside, what a person does to
 * it comes back through the callbacks.
 */
export type SeatMap = {
  /** Takes the states of changed seats from the viewer's map. */
  setStates(states: SeatStates, changed: Iterable<number> | 'all'): void;
  /** Exactly these seats are this shopper's. */
  setMine(seats: Iterable<number>): void;
  /** Exactly these wishes are under way; they live beside the published states. */
  setOptimistic(wishes: Wishes): void;
  setTheme(theme: MapTheme): void;
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  /** Brings a seat into the middle, large enough to be tapped. */
  show(seat: number): void;
  /** The seat at a point of the host, in CSS pixels, or -1. */
  hitTest(x: number, y: number): number;
  /** Where a seat stands on the host and how it is painted, as of the last frame. */
  inspect(seat: number): SeatOnScreen;
  destroy(): void;
};

export type Wishes = { readonly adding: Iterable<number>; readonly dropping: Iterable<number> };

export type SeatOnScreen = {
  /** Centre in CSS pixels of the host; may lie outside of it. */
  readonly x: number;
  readonly y: number;
  readonly painted: SeatLook;
  /** Whether a tap would choose the seat; where seats are too small it zooms in instead. */
  readonly choosable: { readonly mouse: boolean; readonly touch: boolean };
};

export type SeatMapOptions = SceneOptions & {
  /** A seat was tapped, clicked, or chosen by key. */
  onChoose(seat: number): void;
  /** The mouse is over a seat or, far away, a section; null when over neither. */
  onHover(spot: MapSpot | null): void;
  /** The keyboard cursor moved to a seat. */
  onCursor(seat: number): void;
};

export function createSeatMap(host: HTMLElement, options: SeatMapOptions): SeatMap {
  const scene = createMapScene(host, options);
  const stopPointer = listenToPointer(host, scene, options);
  const stopKeys = listenToKeys(host, scene, options);
  const zoom = (factor: number): void => {
    scene.camera.flyBy(factor);
    scene.refresh();
  };
  return {
    setStates(states, changed) {
      scene.layers.publish(states, changed);
      scene.refresh();
    },
    setMine(seats) {
      scene.layers.mark(OwnMark.mine, seats);
      scene.refresh();
    },
    setOptimistic({ adding, dropping }) {
      scene.layers.mark(OwnMark.adding, adding);
      scene.layers.mark(OwnMark.dropping, dropping);
      scene.refresh();
    },
    setTheme: (theme) => scene.setTheme(theme),
    zoomIn: () => zoom(ZOOM_STEP),
    zoomOut: () => zoom(1 / ZOOM_STEP),
    fit() {
      scene.camera.flyToFit();
      scene.refresh();
    },
    show: (seat) => showSeat(scene, seat),
    hitTest: (x, y) => seatAt(scene, x, y),
    inspect: (seat) => ({
      x: scene.screenX(seat),
      y: scene.screenY(seat),
      painted: scene.paintedLook(seat),
      choosable: {
        mouse: scene.pitchPx >= CHOOSABLE_FROM_PITCH_PX.mouse,
        touch: scene.pitchPx >= CHOOSABLE_FROM_PITCH_PX.touch,
      },
    }),
    destroy() {
      stopPointer();
      stopKeys();
      scene.destroy();
    },
  };
}

function listenToPointer(host: HTMLElement, scene: MapScene, options: SeatMapOptions): () => void {
  return listenToGestures(host, {
    pan(dx, dy) {
      scene.camera.pan(dx, dy);
      scene.refresh();
    },
    zoom(factor, x, y) {
      scene.camera.zoom(factor, x, y);
      scene.refresh();
      options.onHover(null);
    },
    tap(x, y, kind) {
      const seat = tapAt(scene, x, y, kind);
      if (seat >= 0) options.onChoose(seat);
    },
    hover(point) {
      const spot = point === null ? null : spotAt(scene, point.x, point.y);
      const seat = spot?.kind === 'seat' ? spot.seat : -1;
      scene.setHovered(seat);
      host.classList.toggle('map-over-seat', seat >= 0);
      options.onHover(spot);
    },
  });
}

/** Arrows walk from seat to seat, Enter or Space chooses, + and - zoom, 0 shows everything. */
function listenToKeys(host: HTMLElement, scene: MapScene, options: SeatMapOptions): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let cursor = -1;
  const press = (event: KeyboardEvent): void => {
    const command = event.ctrlKey || event.metaKey || event.altKey ? null : keyCommand(event.key);
    if (command === null) return;
    event.preventDefault();
    switch (command.kind) {
      case 'move':
        cursor = stepCursor(scene, cursor, command.dx, command.dy);
        scene.setCursor(cursor);
        if (cursor >= 0) options.onCursor(cursor);
        return;
      case 'choose':
        if (cursor >= 0) options.onChoose(cursor);
        return;
      case 'zoom':
        scene.camera.flyBy(command.factor);
        break;
      case 'fit':
        scene.camera.flyToFit();
        break;
    }
    scene.refresh();
  };
  host.addEventListener('keydown', press, { signal });
  host.addEventListener('focus', () => scene.setCursor(cursor), { signal });
  host.addEventListener('blur', () => scene.setCursor(-1), { signal });
  return () => stop.abort();
}
