/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { withinLimit } from '../../harness/bounded.ts';

/**
 * What runs inside the two pages of the figure "tap to paint". Times are wall clocks with fractions
 * (`timeOrigin + now`); both pages belong to one browser on one machine, and `clockSkewMs` says how
 * well their clocks agree.
 */
declare global {
  interface Window {
    /** When the page sent its last request that changes holds. */
    benchSentMs?: number;
    benchShown?: Promise<number>;
  }
}

type Probed = {
  readonly x: number;
  readonly y: number;
  readonly inSight: boolean;
  readonly look: string;
  readonly choosable: { readonly mouse: boolean };
};
type ProbingElement = Element & { probe(label: string): Probed | null };

/** Notes when requests leave; to be run before the page's own scripts. */
export function noteRequests(): void {
  const original = window.fetch.bind(window);
  window.fetch = (input, init) => {
    if (init?.method !== undefined && init.method !== 'GET') {
      window.benchSentMs = performance.timeOrigin + performance.now();
    }
    return original(input, init);
  };
}

/** Where seats are on the page's map and how they look; null where a label is unknown. */
export function probeSeats(page: Page, labels: readonly string[]): Promise<(Probed | null)[]> {
  return page.evaluate((asked) => {
    const map = document.querySelector('holdfast-seat-map') as ProbingElement | null;
    return asked.map((label) => map?.probe(label) ?? null);
  }, labels);
}

/**
 * Begins to watch a seat, frame by frame. The look is read in a task right after each frame's
 * callbacks, when the map has painted what this frame will show.
 */
export async function beginWatching(page: Page, label: string, look: string): Promise<void> {
  await page.evaluate(
    ([seat, wanted]) => {
      const map = document.querySelector('holdfast-seat-map') as ProbingElement | null;
      window.benchShown = new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port2.onmessage = () => {
          if (map?.probe(seat ?? '')?.look !== wanted) requestAnimationFrame(frame);
          else resolve(performance.timeOrigin + performance.now());
        };
        const frame = (): void => port1.postMessage(null);
        requestAnimationFrame(frame);
      });
    },
    [label, look],
  );
}

const SHOWN_LIMIT_MS = 10_000;

/** When what is watched was painted as wanted; rejects where that takes ten seconds. */
export function shownMs(page: Page): Promise<number> {
  const shown = page.evaluate(
    () => window.benchShown ?? Promise.reject(new Error('nothing is watched')),
  );
  return withinLimit(shown, SHOWN_LIMIT_MS, 'painting in the other window');
}

export function sentMs(page: Page): Promise<number> {
  return page.evaluate(() => window.benchSentMs ?? Number.NaN);
}

const CLOCK_QUESTIONS = 15;

/** By how much one page's clock is ahead of the other's, as far as round trips can tell. */
export async function clockSkewMs(one: Page, other: Page): Promise<number> {
  return (await offsetOf(one)) - (await offsetOf(other));
}

/** The page's clock minus ours, from the quickest of some questions. */
async function offsetOf(page: Page): Promise<number> {
  let best = { tripMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let question = 0; question < CLOCK_QUESTIONS; question += 1) {
    const askedMs = performance.timeOrigin + performance.now();
    const pageMs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const tripMs = performance.timeOrigin + performance.now() - askedMs;
    if (tripMs < best.tripMs) best = { tripMs, offsetMs: pageMs - askedMs - tripMs / 2 };
  }
  return best.offsetMs;
}
