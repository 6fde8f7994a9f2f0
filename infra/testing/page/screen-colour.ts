import type { Browser, Page } from 'playwright-core';

/** Mean red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

const PATCH_PX = 7;

/**
 * What the screen really shows round a point, as the mean colour of a small patch of a screenshot:
 * a probe says what was painted, this is what a person sees. The picture is decoded by an empty
 * page of the same browser.
 */
export async function colourAt(
  browser: Browser,
  page: Page,
  { x, y }: { readonly x: number; readonly y: number },
): Promise<Colour> {
  const half = (PATCH_PX - 1) / 2;
  const clip = {
    x: Math.round(x) - half,
    y: Math.round(y) - half,
    width: PATCH_PX,
    height: PATCH_PX,
  };
  const picture = await page.screenshot({ clip, animations: 'disabled' });
  const decoder = await browser.newPage();
  try {
    return await decoder.evaluate(meanColour, picture.toString('base64'));
  } finally {
    await decoder.close();
  }
}

/** Runs inside a page. */
async function meanColour(base64: string): Promise<[number, number, number]> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas to decode with');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const sum: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    sum[0] += data[at] ?? 0;
    sum[1] += data[at + 1] ?? 0;
    sum[2] += data[at + 2] ?? 0;
  }
  const count = data.length / 4;
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** 0 for the same colour, about 440 from black to white. */
export function colourDistance(one: Colour, other: Colour): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
