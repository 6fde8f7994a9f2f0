const FIRST_PAUSE_MS = 250;
const PAUSE_MAX_MS = 8_000;
const RESTARTS_MAX = 5;
/** Ends longer ago than this are forgiven. */
const WINDOW_MS = 60_000;

/**
 * How long to wait before a process that died is started again: 250 ms doubling to 8 s with every
 * end within a minute, and null (give up) from the sixth on. Call it once for each end.
 */
export function createRestartRule(nowMs: () => number): () => number | null {
  let endsMs: number[] = [];
  return () => {
    const now = nowMs();
    endsMs = [...endsMs.filter((endMs) => now - endMs < WINDOW_MS), now];
    if (endsMs.length > RESTARTS_MAX) return null;
    return Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** (endsMs.length - 1));
  };
}
