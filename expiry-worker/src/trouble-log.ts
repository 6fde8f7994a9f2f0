import type { Clock } from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';
import type { WorkerMetrics } from './worker-metrics.ts';

/** Tells a failure that will be tried again; `what` is the failing part, `event` where one is concerned. */
export type TroubleLog = (what: string, error: unknown, event?: string) => void;

/** While Redis is away everything fails every second; one line a part and period says as much. */
export const TROUBLE_PERIOD_MS = 10_000;

export function createTroubleLog(parts: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
}): TroubleLog {
  const toldAtMs = new Map<string, number>();
  return (what, error, event) => {
    parts.metrics.trouble(what);
    const nowMs = parts.clock.monotonicMs();
    if (nowMs - (toldAtMs.get(what) ?? Number.NEGATIVE_INFINITY) < TROUBLE_PERIOD_MS) return;
    toldAtMs.set(what, nowMs);
    parts.logger.warn({ err: error, event, what }, `${what} failed and will be tried again`);
  };
}
