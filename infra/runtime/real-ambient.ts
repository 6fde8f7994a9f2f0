import { randomBytes } from 'node:crypto';
import type { Ambient, CancelTimer } from '@holdfast/db/model';

/** The machine's own clock, timers and chance: the only place that touches the globals. */
export function realAmbient(): Ambient {
  return {
    clock: {
      wallMs: () => Date.now(),
      monotonicMs: () => performance.now(),
    },
    timers: {
      after: (delayMs, task) => cancelled(setTimeout(task, delayMs)),
      every: (periodMs, task) => cancelled(setInterval(task, periodMs)),
    },
    random: {
      fraction: () => Math.random(),
      bytes: (count) => randomBytes(count),
    },
  };
}

function cancelled(timer: NodeJS.Timeout): CancelTimer {
  return () => clearTimeout(timer);
}
