import type { CancelTimer, Clock, Timers } from '@holdfast/db/model';

/** How a hold's end is told: calm, soon (warn), or over. */
export type TimeLeft = {
  /** Whole seconds, rounded up: 1 is shown until the very end. */
  readonly seconds: number;
  readonly phase: 'calm' | 'soon' | 'over';
};

/** From here on the page warns. */
export const WARN_FROM_MS = 60_000;
const SECOND_MS = 1_000;

/** Both on the same monotonic clock: the wall clock of a phone may be wrong, and may be set. */
export function timeLeft(endsAtMs: number, nowMs: number): TimeLeft {
  const leftMs = Math.max(0, endsAtMs - nowMs);
  const phase = leftMs === 0 ? 'over' : leftMs <= WARN_FROM_MS ? 'soon' : 'calm';
  return { seconds: Math.ceil(leftMs / SECOND_MS), phase };
}

/** `4:05`, or `1:02:05` beyond an hour. */
export function formatTimeLeft(seconds: number): string {
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}

export type Countdown = {
  /** Counts towards this instant of the monotonic clock from now on; null stops counting. */
  follow(endsAtMs: number | null): void;
};

/** Tells the listener at once, then whenever the shown second changes, and last when it is over. */
export function createCountdown(
  ambient: { readonly clock: Clock; readonly timers: Timers },
  listener: (left: TimeLeft | null) => void,
): Countdown {
  let cancel: CancelTimer | null = null;
  const count = (endsAtMs: number): void => {
    const nowMs = ambient.clock.monotonicMs();
    const left = timeLeft(endsAtMs, nowMs);
    listener(left);
    if (left.phase === 'over') return;
    // To the next change of the shown second, so that it never lags and never wakes in vain.
    const untilChangeMs = endsAtMs - nowMs - (left.seconds - 1) * SECOND_MS;
    cancel = ambient.timers.after(Math.max(1, untilChangeMs), () => count(endsAtMs));
  };
  return {
    follow(endsAtMs) {
      cancel?.();
      cancel = null;
      if (endsAtMs === null) listener(null);
      else count(endsAtMs);
    },
  };
}
