import type { Ambient, CancelTimer } from '@holdfast/db/model';
import { seededFraction } from './test-seed.ts';

/**
 * Time, timers and chance that stand still until a test moves them. Timers fire in the order of
 * their instants (and of their arming, where two are equal); between two of them, pending promises
 * get their turn, so that a service under test reacts as it would in real time.
 */
export type ManualAmbient = Ambient & {
  /** Moves both clocks `ms` on and fires every timer on the way. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as a person or NTP would. */
  jumpWall(ms: number): void;
  /** Gives pending promises their turn without moving time. */
  settle(): Promise<void>;
  /** How many timers wait: a stopped service leaves none. */
  armed(): number;
};

type Timer = { atMs: number; readonly order: number; readonly run: () => void };

/** Turns of the event loop that count as "everything pending has had its turn". */
const SETTLE_TURNS = 8;

export function createManualAmbient(options: { readonly seed?: number } = {}): ManualAmbient {
  let nowMs = 0;
  let wallAheadMs = Date.UTC(2030, 0, 1);
  let order = 0;
  const timers = new Set<Timer>();
  const fraction = seededFraction(options.seed ?? 1);

  const arm = (delayMs: number, run: () => void): Timer => {
    order += 1;
    const timer = { atMs: nowMs + Math.max(0, delayMs), order, run };
    timers.add(timer);
    return timer;
  };
  const after = (delayMs: number, task: () => void): CancelTimer => {
    const timer = arm(delayMs, () => {
      timers.delete(timer);
      task();
    });
    return () => timers.delete(timer);
  };
  const every = (periodMs: number, task: () => void): CancelTimer => {
    // A period of 0 would never let time move on.
    const stepMs = Math.max(1, periodMs);
    const timer = arm(stepMs, () => {
      timer.atMs += stepMs;
      task();
    });
    return () => timers.delete(timer);
  };
  const advance = async (ms: number): Promise<void> => {
    const untilMs = nowMs + ms;
    await settle();
    for (let next = first(timers, untilMs); next !== undefined; next = first(timers, untilMs)) {
      nowMs = Math.max(nowMs, next.atMs);
      next.run();
      await settle();
    }
    nowMs = untilMs;
  };

  return {
    clock: { wallMs: () => nowMs + wallAheadMs, monotonicMs: () => nowMs },
    timers: { after, every },
    random: {
      fraction,
      bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(fraction() * 256)),
    },
    advance,
    jumpWall: (ms) => {
      wallAheadMs += ms;
    },
    settle,
    armed: () => timers.size,
  };
}

function first(timers: ReadonlySet<Timer>, untilMs: number): Timer | undefined {
  let best: Timer | undefined;
  for (const timer of timers) {
    if (timer.atMs > untilMs) continue;
    const sooner = best === undefined || timer.atMs < best.atMs;
    if (sooner || (timer.atMs === best?.atMs && timer.order < best.order)) best = timer;
  }
  return best;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
