import type { Bounds, MapGeometry, MapSection } from './geometry.ts';
import type { MapPalette } from './palette.ts';
import { numberInk } from './seat-coats.ts';
import type { SeatGrid } from './seat-grid.ts';
import type { SeatLook } from './seat-layers.ts';
import { over, type Sprite, type SpriteSet, spriteReach } from './sprites.ts';
import type { View } from './view.ts';

/**
 * Paints seats into one array of pixels, which the canvas then shows with `putImageData`. Seats
 * hardly overlap, so the work is bounded by the canvas, not by the number of seats: the far view
 * of 70,000 seats and the near view of a dozen cost about the same.
 *
 * Where sprites do overlap (far away), the pixel with more alpha wins and of equal ones the seat
 * with the lower index. That makes the picture a function of the looks alone, whatever the order
 * of the changes: painting some seats anew leaves the same pixels as painting all.
 */
export type SeatRaster = {
  /** `width * height` pixels, 0xAABBGGRR, not premultiplied. */
  readonly pixels: Uint32Array;
  /** Clears everything and paints every seat in sight. */
  paintAll(): void;
  /** Paints these seats anew; calls `touched` with each changed rectangle, in device pixels. */
  paint(seats: readonly number[], touched: (box: Bounds) => void): void;
};

/** A text as alpha values, 0 to 255; made by whoever has fonts. */
export type TextMask = {
  readonly width: number;
  readonly height: number;
  readonly alpha: Uint8Array;
};

export type RasterPlan = {
  readonly geometry: MapGeometry;
  readonly grid: SeatGrid;
  /** Size of the canvas in device pixels. */
  readonly width: number;
  readonly height: number;
  /** The view in device pixels. */
  readonly view: View;
  readonly palette: MapPalette;
  readonly lookOf: (seat: number) => SeatLook;
  /** The mask of a seat's number at this size, or null when seats are too small for numbers. */
  readonly numberOf: ((seat: number, diameter: number) => TextMask | null) | null;
  /** An array to reuse; taken if it has the right length. */
  readonly pixels?: Uint32Array;
  /** Sprites of a diameter, in the palette of this plan. */
  readonly spritesOf: (diameter: number) => SpriteSet;
};

/** A seat's diameter as a share of the pitch: near by, neighbours keep a gap. */
const SEAT_OF_PITCH = 0.84;
/** Far away they touch, so that a full section shows in its full colour. */
const FAR_SEAT_OF_PITCH = 1.1;
const FAR_BELOW_PX = 5;
/** Below this a seat would fade away instead of getting smaller. */
const DIAMETER_MIN_PX = 1.5;
/** Diameters are rounded to a step, so that sprites are made for few sizes and used again. */
const SMALL_BELOW_PX = 8;
const SMALL_STEP_PX = 0.25;
const STEP_PX = 1;

/** A seat's drawn diameter at a scale, in the pixels of that scale. */
export function seatDiameter(pitch: number, scale: number): number {
  const pitchPx = pitch * scale;
  const nearness = Math.min(1, pitchPx / FAR_BELOW_PX);
  const share = FAR_SEAT_OF_PITCH + (SEAT_OF_PITCH - FAR_SEAT_OF_PITCH) * nearness;
  const exact = Math.max(DIAMETER_MIN_PX, pitchPx * share);
  const step = exact < SMALL_BELOW_PX ? SMALL_STEP_PX : STEP_PX;
  return Math.round(exact / step) * step;
}

export function createSeatRaster(plan: RasterPlan): SeatRaster {
  const { geometry, grid, width, height, view, palette } = plan;
  const { x, y, category, kind } = geometry;
  const length = width * height;
  const pixels = plan.pixels?.length === length ? plan.pixels : new Uint32Array(length);
  const diameter = seatDiameter(geometry.pitch, view.scale);
  const sprites = plan.spritesOf(diameter);
  const reach = spriteReach(diameter);

  const paintSeat = (seat: number): void => {
    const atX = (x[seat] ?? 0) * view.scale + view.shiftX;
    const atY = (y[seat] ?? 0) * view.scale + view.shiftY;
    if (atX < -reach || atY < -reach || atX > width + reach || atY > height + reach) return;
    const pixelX = Math.floor(atX);
    const pixelY = Math.floor(atY);
    const look = plan.lookOf(seat);
    const group = category[seat] ?? 0;
    const sprite = sprites.sprite(look, group, kind[seat] ?? 0, atX - pixelX, atY - pixelY);
    stamp(pixels, width, height, sprite, pixelX - sprite.reach, pixelY - sprite.reach);
    const ink = plan.numberOf === null ? null : numberInk(look, group, palette);
    const mask = ink === null ? null : (plan.numberOf?.(seat, diameter) ?? null);
    if (ink === null || mask === null) return;
    print(pixels, width, height, { mask, ink, sprite, pixelX, pixelY });
  };

  const boxOf = (seat: number): Bounds => {
    const atX = Math.floor((x[seat] ?? 0) * view.scale + view.shiftX);
    const atY = Math.floor((y[seat] ?? 0) * view.scale + view.shiftY);
    return {
      minX: Math.max(0, atX - reach),
      minY: Math.max(0, atY - reach),
      maxX: Math.min(width, atX + reach + 1),
      maxY: Math.min(height, atY + reach + 1),
    };
  };

  return {
    pixels,
    paintAll() {
      pixels.fill(0);
      for (const section of geometry.sections) {
        if (!inSight(section, plan, reach)) continue;
        const end = section.start + section.seatCount;
        for (let seat = section.start; seat < end; seat += 1) paintSeat(seat);
      }
    },
    paint(seats, touched) {
      const again = new SeatSet(geometry.seatCount);
      // Two sprites share a pixel only if their centres are nearer than this.
      const neighbourhood = (2 * reach + 1) / view.scale;
      for (const seat of seats) {
        const box = boxOf(seat);
        if (box.minX >= box.maxX || box.minY >= box.maxY) continue;
        clear(pixels, width, box);
        touched(box);
        // Whatever reaches into the cleared box has lost pixels and is painted again as well.
        grid.within(worldBox(x[seat] ?? 0, y[seat] ?? 0, neighbourhood), again.add);
      }
      for (const seat of again.ascending()) paintSeat(seat);
    },
  };
}

/** A set of seats as typed arrays: a frame of many changes adds tens of thousands. */
class SeatSet {
  readonly #has: Uint8Array;
  readonly #seats: Uint32Array;
  #count = 0;

  constructor(seatCount: number) {
    this.#has = new Uint8Array(seatCount);
    this.#seats = new Uint32Array(seatCount);
  }

  readonly add = (seat: number): void => {
    if (this.#has[seat] !== 0) return;
    this.#has[seat] = 1;
    this.#seats[this.#count] = seat;
    this.#count += 1;
  };

  ascending(): Uint32Array {
    return this.#seats.subarray(0, this.#count).sort();
  }
}

function inSight({ bounds }: MapSection, plan: RasterPlan, reach: number): boolean {
  const { view, width, height } = plan;
  return (
    bounds.maxX * view.scale + view.shiftX >= -reach &&
    bounds.maxY * view.scale + view.shiftY >= -reach &&
    bounds.minX * view.scale + view.shiftX <= width + reach &&
    bounds.minY * view.scale + view.shiftY <= height + reach
  );
}

function worldBox(x: number, y: number, reach: number): Bounds {
  return { minX: x - reach, minY: y - reach, maxX: x + reach, maxY: y + reach };
}

function clear(pixels: Uint32Array, width: number, box: Bounds): void {
  for (let row = box.minY; row < box.maxY; row += 1) {
    pixels.fill(0, row * width + box.minX, row * width + box.maxX);
  }
}

/** The innermost loop of the map: plain indexes, no calls, no allocation. */
function stamp(
  pixels: Uint32Array,
  width: number,
  height: number,
  sprite: Sprite,
  left: number,
  top: number,
): void {
  const fromX = Math.max(0, -left);
  const toX = Math.min(sprite.size, width - left);
  const fromY = Math.max(0, -top);
  const toY = Math.min(sprite.size, height - top);
  for (let row = fromY; row < toY; row += 1) {
    let source = row * sprite.size + fromX;
    let target = (top + row) * width + left + fromX;
    for (let col = fromX; col < toX; col += 1) {
      const pixel = sprite.pixels[source] ?? 0;
      if (pixel >>> 24 > (pixels[target] ?? 0) >>> 24) pixels[target] = pixel;
      source += 1;
      target += 1;
    }
  }
}

type Print = {
  readonly mask: TextMask;
  readonly ink: number;
  /** What the text lies on: mixed with the sprite, not the canvas, printing twice changes nothing. */
  readonly sprite: Sprite;
  /** The pixel of the seat's centre. */
  readonly pixelX: number;
  readonly pixelY: number;
};

function print(pixels: Uint32Array, width: number, height: number, text: Print): void {
  const { mask, sprite } = text;
  const left = text.pixelX - (mask.width >> 1);
  const top = text.pixelY - (mask.height >> 1);
  for (let row = Math.max(0, -top); row < Math.min(mask.height, height - top); row += 1) {
    for (let col = Math.max(0, -left); col < Math.min(mask.width, width - left); col += 1) {
      const alpha = mask.alpha[row * mask.width + col] ?? 0;
      const spriteX = left + col - text.pixelX + sprite.reach;
      const spriteY = top + row - text.pixelY + sprite.reach;
      if (alpha === 0 || outside(spriteX, sprite.size) || outside(spriteY, sprite.size)) continue;
      const below = sprite.pixels[spriteY * sprite.size + spriteX] ?? 0;
      pixels[(top + row) * width + left + col] = over(text.ink, alpha / 255, below);
    }
  }
}

function outside(at: number, size: number): boolean {
  return at < 0 || at >= size;
}
