const LIMIT_MS = 15_000;
const LOOK_MS = 20;

/**
 * Waits until `look` gives something else than null, false or undefined, and answers it. Fails with
 * the sentence `what` when that takes longer than `limitMs`: a test awaits conditions, never time.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  limitMs = LIMIT_MS,
): Promise<NonNullable<T>> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
