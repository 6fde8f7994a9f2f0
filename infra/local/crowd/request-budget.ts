import type { Ambient } from '@holdfast/db/model';
import { sleep } from '@holdfast/db/model';

/** Spaces requests evenly: all shoppers together send at most `perSecond`. */
export type RequestBudget = { turn(): Promise<void> };

export function createRequestBudget(perSecond: number, ambient: Ambient): RequestBudget {
  const gapMs = 1_000 / perSecond;
  let nextMs = ambient.clock.monotonicMs();
  return {
    turn: async () => {
      const nowMs = ambient.clock.monotonicMs();
      nextMs = Math.max(nowMs, nextMs + gapMs);
      if (nextMs > nowMs) await sleep(ambient.timers, nextMs - nowMs);
    },
  };
}
