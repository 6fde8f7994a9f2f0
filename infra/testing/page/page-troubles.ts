import type { Page } from 'playwright-core';

/** Everything that went wrong inside a page: console errors and warnings, uncaught errors, crashes. */
export type PageTroubles = {
  /** What was seen since the last call, but for what matches one of `expected`. */
  take(...expected: readonly RegExp[]): string[];
};

/** Chromium itself writes an error for every refusal; a refusal with a message is no trouble. */
const REFUSAL = /^error: Failed to load resource: the server responded with a status of 409 /;

export function watchForTroubles(page: Page): PageTroubles {
  let seen: string[] = [];
  page.on('console', (message) => {
    const kind = message.type();
    if (kind === 'error' || kind === 'warning') seen.push(`${kind}: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => seen.push('the page crashed'));
  return {
    take: (...expected) => {
      const taken = seen;
      seen = [];
      return taken.filter((line) => ![REFUSAL, ...expected].some((one) => one.test(line)));
    },
  };
}
