import type { CancelTimer, Timers } from '@holdfast/db/model';

/** One timer at a time: arming it again forgets the task it had. */
export class SingleTimer {
  readonly #timers: Timers;
  #cancel: CancelTimer | null = null;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get armed(): boolean {
    return this.#cancel !== null;
  }

  arm(delayMs: number, task: () => void): void {
    this.disarm();
    this.#cancel = this.#timers.after(delayMs, () => {
      this.#cancel = null;
      task();
    });
  }

  disarm(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
