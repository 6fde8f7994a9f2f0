import type { Category } from '@holdfast/db/model';

/** A colour as a canvas pixel: 0xAABBGGRR, the byte order of ImageData on little-endian machines. */
export type Pixel = number;

/** Colours of everything on the map that the chart does not colour itself. */
export type MapPalette = {
  readonly held: Pixel;
  readonly heldEdge: Pixel;
  readonly booked: Pixel;
  readonly blocked: Pixel;
  readonly mine: Pixel;
  readonly mineInk: Pixel;
  readonly inkDark: Pixel;
  readonly inkLight: Pixel;
  /** Fill of available seats, by category index. */
  readonly categories: readonly Pixel[];
};

/** CSS custom properties that carry the palette; the style sheet owns their values. */
const PROPERTIES = {
  held: '--map-held',
  heldEdge: '--map-held-edge',
  booked: '--map-booked',
  blocked: '--map-blocked',
  mine: '--map-mine',
  mineInk: '--map-mine-ink',
  inkDark: '--map-ink-dark',
  inkLight: '--map-ink-light',
} as const;

/** Reads the palette from a style sheet's custom properties, each `#rrggbb`. */
export function readPalette(
  property: (name: string) => string,
  categories: readonly Category[],
): MapPalette {
  const read = (name: keyof typeof PROPERTIES): Pixel => pixelOf(property(PROPERTIES[name]));
  return {
    held: read('held'),
    heldEdge: read('heldEdge'),
    booked: read('booked'),
    blocked: read('blocked'),
    mine: read('mine'),
    mineInk: read('mineInk'),
    inkDark: read('inkDark'),
    inkLight: read('inkLight'),
    categories: categories.map((category) => pixelOf(category.colour)),
  };
}

const HEX_COLOUR = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;
/** Style sheets are minified: `#ffffff` arrives as `#fff`. */
const SHORT_HEX_COLOUR = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i;
const MIDDLE_GREY: Pixel = 0xff808080;

/** An opaque pixel from `#rrggbb` or `#rgb`; middle grey for anything else, so that a seat is never invisible. */
export function pixelOf(colour: string): Pixel {
  const long = colour.trim().replace(SHORT_HEX_COLOUR, '#$1$1$2$2$3$3');
  const [, red, green, blue] = HEX_COLOUR.exec(long) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return MIDDLE_GREY;
  return pixel(Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16));
}

export function pixel(red: number, green: number, blue: number, alpha = 255): Pixel {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Relative luminance by WCAG 2.2, 0 to 1. */
export function luminance(colour: Pixel): number {
  const channel = (shift: number): number => {
    const share = ((colour >>> shift) & 255) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(16);
}

/** Above this luminance dark ink has more contrast than light ink (where both ratios are equal). */
const INK_TURNS_DARK = 0.179;

/** The ink that is easier to read on a fill. */
export function inkOn(fill: Pixel, palette: Pick<MapPalette, 'inkDark' | 'inkLight'>): Pixel {
  return luminance(fill) > INK_TURNS_DARK ? palette.inkDark : palette.inkLight;
}
