import type { Size } from './view.ts';

/** The three layers of the map, bottom to top, as canvases that fill their host. */
export type MapCanvases = {
  readonly ground: CanvasRenderingContext2D;
  readonly seats: CanvasRenderingContext2D;
  readonly lettering: CanvasRenderingContext2D;
  /** Size of the host in CSS pixels. */
  readonly viewport: Size;
  /** Device pixels per CSS pixel, as the canvases use it. */
  readonly pixelRatio: number;
};

/** Beyond this a canvas costs more time and memory than the eye sees. */
const PIXEL_RATIO_MAX = 2;
const CANVAS_PIXELS_MAX = 6_000_000;

export type CanvasStack = {
  /** Fits the canvases to the host's size; false when it has none yet. */
  resize(): boolean;
  readonly current: MapCanvases | null;
  remove(): void;
};

export function createCanvasStack(host: HTMLElement): CanvasStack {
  const layers = ['ground', 'seats', 'lettering'].map((name) => {
    const canvas = document.createElement('canvas');
    canvas.className = `map-layer map-layer-${name}`;
    canvas.setAttribute('aria-hidden', 'true');
    host.append(canvas);
    // The seats are written as pixels every time: their canvas lives in main memory.
    return canvas.getContext('2d', { willReadFrequently: name === 'seats' });
  });
  const [ground, seats, lettering] = layers;
  let current: MapCanvases | null = null;
  return {
    get current() {
      return current;
    },
    resize() {
      const viewport = { width: host.clientWidth, height: host.clientHeight };
      if (!ground || !seats || !lettering || viewport.width < 1 || viewport.height < 1) {
        current = null;
        return false;
      }
      const affordable = Math.sqrt(CANVAS_PIXELS_MAX / (viewport.width * viewport.height));
      const pixelRatio = Math.min(window.devicePixelRatio || 1, PIXEL_RATIO_MAX, affordable);
      for (const { canvas } of [ground, seats, lettering]) {
        canvas.width = Math.max(1, Math.round(viewport.width * pixelRatio));
        canvas.height = Math.max(1, Math.round(viewport.height * pixelRatio));
      }
      current = { ground, seats, lettering, viewport, pixelRatio };
      return true;
    },
    remove() {
      for (const layer of layers) layer?.canvas.remove();
    },
  };
}
