import type { Clock } from '@holdfast/db/model';

/** So many at once, then a steady few a second. */
export type RequestRate = { readonly burst: number; readonly perSecond: number };

/** What one connection may ask of `watch`. */
export const WATCH_RATE: RequestRate = { burst: 20, perSecond: 5 };

/** A token bucket of one connection. */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #rate: RequestRate;
  #left: number;
  #filledAtMs: number;

  constructor(clock: Clock, rate: RequestRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.burst;
    this.#filledAtMs = clock.monotonicMs();
  }

  /** Takes one request from the budget; false if there is none left. */
  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const gained = ((nowMs - this.#filledAtMs) / 1_000) * this.#rate.perSecond;
    this.#left = Math.min(this.#rate.burst, this.#left + gained);
    this.#filledAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
