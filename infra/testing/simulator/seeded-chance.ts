import type { Random } from '@holdfast/db/model';

/** A stream of chance: the same seed and name give the same draws, other names independent ones. */
export type Chance = Random & {
  /** A number in [least, most). */
  between(least: number, most: number): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** True in this share of draws; a share of 0 draws nothing. */
  happens(share: number): boolean;
  pick<T>(list: readonly T[]): T | undefined;
};

const WARM_UP_DRAWS = 12;

/**
 * sfc32: small, fast, and with 128 bits of state, so that streams of many processes do not meet. Not
 * for secrets.
 */
export function seededChance(seed: number, name: string): Chance {
  let a = seed | 0;
  let b = hashOf(name, 0x9e3779b9);
  let c = hashOf(name, seed | 0);
  let counter = 1;
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < WARM_UP_DRAWS; warm += 1) draw();

  const fraction = (): number => draw() / 2 ** 32;
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += 4) {
        const word = draw();
        for (let byte = 0; byte < 4 && at + byte < count; byte += 1) {
          bytes[at + byte] = (word >>> (8 * byte)) & 0xff;
        }
      }
      return bytes;
    },
    between: (least, most) => least + fraction() * (most - least),
    happens: (share) => share > 0 && fraction() < share,
    pick: (list) => list[below(list.length)],
  };
}

function hashOf(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}
