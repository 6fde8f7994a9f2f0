import type { Clock } from '@holdfast/db/model';

/** What one connection may ask: a few at once, then a steady few a second. */
const BURST = 20;
const PER_SECOND = 5;

/** A token bucket of one connection. */
export class RequestBudget {
  readonly #clock: Clock;
  #left: number = BURST;
  #filledAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAtMs = clock.monotonicMs();
  }

  /** Takes one request from the budget; false if there is none left. */
  take(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const gained = ((nowMs - this.#filledAtMs) / 1_000) * PER_SECOND;
    this.#left = Math.min(BURST, this.#left + gained);
    this.#filledAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
