import { Counter, Gauge, Histogram, type Registry } from '@holdfast/infra/runtime';

/** What the worker counts; names carry the unit. */
export type WorkerMetrics = {
  swept(ended: number, looks: number): void;
  /** Redis time of the end minus the deadline. */
  expiryLag(lagMs: number): void;
  clockJumped(jumpMs: number): void;
  hinted(trigger: Trigger): void;
  loaded(end: string): void;
  trouble(what: string): void;
  liveEvents(count: number): void;
};

export type Trigger = 'timer' | 'notice' | 'subscribed';

/** An expiry later than 250 ms has missed its bound. */
const LAG_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `holdfast_worker_${name}`, help, labelNames: [...labelNames], registers });
  const expired = counter('expired_holds_total', 'Holds this worker ended at their deadline');
  const looks = counter('looks_total', 'Confirming holds handed out for a look');
  const sweeps = counter('sweeps_total', 'Calls of expire_due that were judged');
  const jumps = counter('clock_jumps_total', 'Jumps of the Redis clock that were seen');
  const hints = counter('hints_total', 'Questions by what raised them', ['trigger']);
  const loads = counter('loads_total', 'Attempts to load an event by their end', ['end']);
  const troubles = counter('troubles_total', 'Failures that are tried again', ['what']);
  const live = new Gauge({
    name: 'holdfast_worker_live_events',
    help: 'Events this worker looks after',
    registers,
  });
  const lag = new Histogram({
    name: 'holdfast_worker_expiry_lag_seconds',
    help: 'Redis time of an expiry minus the deadline of the hold',
    buckets: LAG_BUCKETS_SECONDS,
    registers,
  });
  return {
    swept: (ended, looked) => {
      sweeps.inc();
      expired.inc(ended);
      looks.inc(looked);
    },
    expiryLag: (lagMs) => lag.observe(lagMs / 1_000),
    clockJumped: () => jumps.inc(),
    hinted: (trigger) => hints.inc({ trigger }),
    loaded: (end) => loads.inc({ end }),
    trouble: (what) => troubles.inc({ what }),
    liveEvents: (count) => live.set(count),
  };
}

/** Counts load locks that were not granted, by reason. */
export function createWorkerLockMisses(registry: Registry): (reason: string) => void {
  const missed = new Counter({
    name: 'holdfast_worker_lock_missed_total',
    help: 'Locks not granted in time; the work went on without them',
    labelNames: ['reason'],
    registers: [registry],
  });
  return (reason) => missed.inc({ reason });
}
