import { SEAT_LOOK_NAMES, type SeatLookName } from './seat-layers.ts';
import type { SeatMap } from './seat-map.ts';
import type { SeatNames } from './seat-names.ts';

/** Name of the element that hosts the map's canvases. */
export const SEAT_MAP_TAG = 'holdfast-seat-map';

/**
 * The host of the map. Canvases show nothing to a program, so the element answers one question,
 * for tests and tools: `document.querySelector('holdfast-seat-map').probe('A-12-7')`. It only
 * reads; whoever wants to act clicks at the point that it names.
 */
export class SeatMapElement extends HTMLElement {
  #map: SeatMap | null = null;
  #names: SeatNames | null = null;

  attach(map: SeatMap, names: SeatNames): void {
    this.#map = map;
    this.#names = names;
  }

  /** Where the seat is and how it is painted as of the last frame; null for an unknown label. */
  probe(label: string): SeatProbe | null {
    const seat = this.#names?.seatOf(label) ?? -1;
    if (this.#map === null || seat < 0) return null;
    const { x, y, painted, choosable } = this.#map.inspect(seat);
    const box = this.getBoundingClientRect();
    const inSight = x >= 0 && y >= 0 && x <= box.width && y <= box.height;
    const look = SEAT_LOOK_NAMES[painted] ?? 'available';
    return { x: box.left + x, y: box.top + y, inSight, look, choosable };
  }
}

export type SeatProbe = {
  /** Client coordinates of the seat's centre: where to click. */
  readonly x: number;
  readonly y: number;
  /** Whether the point lies on the visible map. */
  readonly inSight: boolean;
  readonly look: SeatLookName;
  /** Whether a click or touch there chooses the seat; otherwise it zooms in. */
  readonly choosable: { readonly mouse: boolean; readonly touch: boolean };
};

/** Makes the element known; harmless when it is. */
export function defineSeatMapElement(): void {
  if (customElements.get(SEAT_MAP_TAG) === undefined) {
    customElements.define(SEAT_MAP_TAG, SeatMapElement);
  }
}
