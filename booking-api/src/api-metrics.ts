import { Counter, Gauge, type Registry } from '@holdfast/infra/runtime';
import type { Reader } from '@holdfast/realtime-hub/projection';

/** Figures of this process beyond those of its requests. */
export type ApiMetrics = {
  readonly lockMissed: (reason: string) => void;
  /** Publishes what the projections count; `repairs` must read 0. */
  watchReader(reader: Reader): void;
};

export function createApiMetrics(registry: Registry): ApiMetrics {
  const missed = new Counter({
    name: 'lock_missed_total',
    help: 'Requests that went on without the lock of their seats',
    labelNames: ['reason'] as const,
    registers: [registry],
  });
  return {
    lockMissed: (reason) => missed.inc({ reason }),
    watchReader: (reader) => {
      new Gauge({
        name: 'projection_events',
        help: 'What this process did to keep its maps true; repairs and renewals must read 0',
        labelNames: ['kind'] as const,
        registers: [registry],
        collect() {
          for (const [kind, count] of Object.entries(reader.counters)) this.set({ kind }, count);
        },
      });
    },
  };
}
