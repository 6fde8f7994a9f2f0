/**
 * What a part may not reach for by itself: time, timers and chance. They are handed in like
 * connections, so that whole services can run on a simulated clock and replay from a seed.
 * `infra/runtime` holds the one real implementation; lint keeps the globals out of everywhere else.
 */

/** Two clocks: `wallMs` for people and logs, `monotonicMs` for durations. Neither decides deadlines (I6). */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z; may jump. */
  wallMs(): number;
  /** Milliseconds since some fixed instant; never goes back. */
  monotonicMs(): number;
}

/** Undoes a timer; calling it twice, or after the timer fired, is harmless. */
export type CancelTimer = () => void;

export interface Timers {
  /** Runs `task` once, `delayMs` from now (0 or more). */
  after(delayMs: number, task: () => void): CancelTimer;
  /** Runs `task` every `periodMs` until cancelled. */
  every(periodMs: number, task: () => void): CancelTimer;
}

export interface Random {
  /** A number in [0, 1), for jitter; not for secrets. */
  fraction(): number;
  /** Unpredictable bytes, for ids. */
  bytes(count: number): Uint8Array;
}

export interface Ambient {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}

/** Resolves after `delayMs` on the given timers. */
export function sleep(timers: Timers, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(delayMs, resolve);
  });
}
