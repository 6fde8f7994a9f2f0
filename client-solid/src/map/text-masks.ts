import type { TextMask } from './seat-raster.ts';

/** Seat numbers as alpha masks, drawn once per text and size with the browser's fonts. */
export type TextMasks = { maskOf(text: string, diameter: number): TextMask | null };

const FONT_OF_DIAMETER = 0.46;
/** A number wider than this share of its seat is set in a smaller size. */
const WIDTH_OF_DIAMETER = 0.8;
/** Numbers come from a chart file; a longer one is not drawn into a seat. */
const TEXT_LENGTH_MAX = 4;
const MASKS_MAX = 2_000;

export function createTextMasks(fontFamily: string): TextMasks {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const made = new Map<string, TextMask>();
  return {
    maskOf(text, diameter) {
      if (context === null || text === '' || text.length > TEXT_LENGTH_MAX) return null;
      const size = Math.round(diameter);
      const key = `${size} ${text}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      if (made.size >= MASKS_MAX) made.clear();
      const mask = draw(context, text, size, fontFamily);
      made.set(key, mask);
      return mask;
    },
  };
}

function draw(
  context: CanvasRenderingContext2D,
  text: string,
  size: number,
  fontFamily: string,
): TextMask {
  context.canvas.width = size;
  context.canvas.height = size;
  const fontOf = (px: number): string => `600 ${px}px ${fontFamily}`;
  const wanted = size * FONT_OF_DIAMETER;
  context.font = fontOf(wanted);
  const tooWide = context.measureText(text).width / (size * WIDTH_OF_DIAMETER);
  if (tooWide > 1) context.font = fontOf(wanted / tooWide);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, size / 2, size / 2 + size * 0.02);
  const { data } = context.getImageData(0, 0, size, size);
  const alpha = new Uint8Array(size * size);
  for (let at = 0; at < alpha.length; at += 1) alpha[at] = data[at * 4 + 3] ?? 0;
  return { width: size, height: size, alpha };
}
