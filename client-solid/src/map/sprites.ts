import type { MapPalette, Pixel } from './palette.ts';
import { type Coat, coatsOf } from './seat-coats.ts';
import type { SeatLook } from './seat-layers.ts';

/** A seat as a small ready-made picture. */
export type Sprite = {
  /** Side of the square in device pixels. */
  readonly size: number;
  /** `size * size` pixels, not premultiplied, as ImageData wants them. */
  readonly pixels: Uint32Array;
  /** From the pixel that holds the seat's centre to the sprite's left and top edge. */
  readonly reach: number;
};

/**
 * Sprites of one seat size, made when first needed. Small seats get several sprites that differ by
 * a fraction of a pixel, or rows of seats a few pixels wide would look uneven.
 */
export type SpriteSet = {
  /** The sprite for a seat whose centre lies at the given fraction (0 to 1) of its pixel. */
  sprite(look: SeatLook, category: number, kind: number, partX: number, partY: number): Sprite;
};

const FINE_BELOW_PX = 6;
const COARSE_BELOW_PX = 16;
const LOOKS = 8;
const KINDS = 4;
const PHASES_MAX = 4;
const SETS_MAX = 48;

/** `diameter` in device pixels. */
export function createSpriteSet(diameter: number, palette: MapPalette): SpriteSet {
  const phases = diameter < FINE_BELOW_PX ? PHASES_MAX : diameter < COARSE_BELOW_PX ? 2 : 1;
  const made: (Sprite | undefined)[] = [];
  return {
    sprite(look, category, kind, partX, partY) {
      const phaseX = Math.floor(partX * phases);
      const phaseY = Math.floor(partY * phases);
      const place = (category * KINDS + kind) * LOOKS + look;
      const key = (place * PHASES_MAX + phaseX) * PHASES_MAX + phaseY;
      const known = made[key];
      if (known !== undefined) return known;
      const coats = coatsOf(look, category, kind, palette);
      const [centreX, centreY] = [(phaseX + 0.5) / phases, (phaseY + 0.5) / phases];
      const sprite = paintSprite(coats, diameter, centreX, centreY);
      made[key] = sprite;
      return sprite;
    },
  };
}

/** Sprite sets by diameter, all in one palette: zooming out and in again finds them ready. */
export function createSpriteStock(palette: MapPalette): (diameter: number) => SpriteSet {
  const stock = new Map<number, SpriteSet>();
  return (diameter) => {
    const known = stock.get(diameter);
    if (known !== undefined) return known;
    if (stock.size >= SETS_MAX) stock.clear();
    const made = createSpriteSet(diameter, palette);
    stock.set(diameter, made);
    return made;
  };
}

/** How far any sprite of this seat size reaches from the pixel of its centre, in device pixels. */
export function spriteReach(diameter: number): number {
  return Math.ceil(diameter / 2 + 0.5);
}

function paintSprite(
  coats: readonly Coat[],
  diameter: number,
  centreX: number,
  centreY: number,
): Sprite {
  const radius = diameter / 2;
  const reach = spriteReach(diameter);
  const size = 2 * reach + 1;
  const pixels = new Uint32Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let col = 0; col < size; col += 1) {
      const x = (col + 0.5 - reach - centreX) / radius;
      const y = (row + 0.5 - reach - centreY) / radius;
      let pixel = 0;
      for (const coat of coats) {
        const coverage = 0.5 - coat.shape(x, y) * radius;
        if (coverage > 0) pixel = over(coat.colour, Math.min(1, coverage), pixel);
      }
      pixels[row * size + col] = pixel;
    }
  }
  return { size, pixels, reach };
}

/** The colour with the given coverage (0 to 1) laid over a pixel, neither premultiplied. */
export function over(colour: Pixel, coverage: number, below: Pixel): Pixel {
  const top = ((colour >>> 24) / 255) * coverage;
  const rest = ((below >>> 24) / 255) * (1 - top);
  const alpha = top + rest;
  if (alpha === 0) return 0;
  const mix = (shift: number): number => {
    const sum = ((colour >>> shift) & 255) * top + ((below >>> shift) & 255) * rest;
    return Math.round(sum / alpha) << shift;
  };
  return ((Math.round(alpha * 255) << 24) | mix(16) | mix(8) | mix(0)) >>> 0;
}
