import {
  type Ambient,
  type ClockViews,
  type EventId,
  type ExpireDueReply,
  type HoldStore,
  type Loading,
  TRUSTED_ROUND_TRIP_MS,
  type Trail,
} from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';
import type { WorkerMetrics } from './worker-metrics.ts';

/**
 * The one door of expiry. Timers and notices only say "this event may have something due"; whatever
 * they say, `expire_due` judges by Redis' clock inside its script and ends each hold once (I3, I6),
 * however many workers knock.
 *
 * A clock that jumped: the script refuses (`clock.jumped`) and nothing ends. The worker moves the
 * event's shift back by the jump, one compare-and-set, so that deadlines stay where people were
 * told, and asks again; of several workers that saw the same jump one rebases and the others find
 * `rebase.stale` and ask again likewise. One that only hears of it later, or that missed a load, finds
 * the clock under another name, takes it as it is, and ends nothing by it until it has watched it.
 */
export type Sweep = (event: EventId) => Promise<void>;

export type Swept = Exclude<
  ExpireDueReply,
  Loading | { readonly outcome: 'clock.jumped' | 'event.loading' }
>;
type Jumped = Extract<ExpireDueReply, { readonly outcome: 'clock.jumped' }>;

export type SweepParts = {
  readonly store: Pick<HoldStore, 'expireDue' | 'rebase'>;
  readonly ambient: Ambient;
  readonly clocks: ClockViews;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
  /** The clock is another one than was known; nothing is ended by it until it is familiar. */
  readonly onSetAnew: (event: EventId) => void;
  /** Hears of every batch that ended or found something. */
  readonly onSwept: (event: EventId, swept: Swept) => void;
};

/** A turn ends at most this many batches (20,000 holds), so that one event cannot keep the worker. */
export const BATCHES_PER_TURN_MAX = 200;
/** Judged so often in one turn, a clock that still jumps is left to the next turn. */
export const JUMPS_PER_TURN_MAX = 3;

const TRAIL: Trail = { actor: 'worker', reason: 'deadline', requestId: '', traceId: '' };

export function createSweep(parts: SweepParts): Sweep {
  const { store, ambient, clocks, onSwept } = parts;
  return async (event) => {
    let jumps = 0;
    for (let batch = 0; batch < BATCHES_PER_TURN_MAX; batch += 1) {
      const sentAtMs = ambient.clock.monotonicMs();
      const command = { seen: clocks.seen(event), only: null, trail: TRAIL };
      const reply = await store.expireDue(event, command);
      if (reply.outcome === 'event.loading') return;
      if (reply.outcome === 'clock.jumped') {
        jumps += 1;
        if (jumps > JUMPS_PER_TURN_MAX) return;
        if (clocks.isSetAnew(event, reply.clock)) {
          clocks.accept(event, reply.nowMs, sentAtMs, reply.clock);
          parts.onSetAnew(event);
          return;
        }
        const tookMs = ambient.clock.monotonicMs() - sentAtMs;
        const settled = await settleJump(parts, event, reply, tookMs);
        // Known before the next answer: a clock that jumps again at once is no clock set anew.
        if (settled !== null) clocks.accept(event, settled.nowMs, sentAtMs, settled.clock);
        continue;
      }
      clocks.accept(event, reply.nowMs, sentAtMs);
      countSwept(parts.metrics, reply);
      if (reply.ended.length > 0 || reply.looks.length > 0) onSwept(event, reply);
      if (!reply.more) return;
    }
  };
}

function countSwept(metrics: WorkerMetrics, { ended, looks, nowMs }: Swept): void {
  metrics.swept(ended.length, looks.length);
  for (const { deadlineMs } of ended) {
    if (deadlineMs !== undefined) metrics.expiryLag(nowMs - deadlineMs);
  }
}

/** Gives the clock as this worker set it; null if it did not. */
async function settleJump(
  { store, logger, metrics }: SweepParts,
  event: EventId,
  { jumpMs, shiftMs, nowMs, clock }: Jumped,
  tookMs: number,
): Promise<{ readonly nowMs: number; readonly clock: string } | null> {
  // This process may have stood still between looking at its clock and being judged: ask again
  // with a fresh look before moving everybody's deadlines.
  if (tookMs > TRUSTED_ROUND_TRIP_MS) return null;
  metrics.clockJumped(jumpMs);
  const { outcome } = await store.rebase(event, { seenShiftMs: shiftMs, jumpMs });
  const said = 'the clock of Redis jumped; deadlines stay where they were told';
  logger.error({ event, jumpMs, shiftMs, outcome, code: 'clock.jumped' }, said);
  return outcome === 'rebased' ? { nowMs: nowMs - jumpMs, clock: settledOnceMore(clock) } : null;
}

/** `<life>.<times settled>`, as `rebase` counts it. */
function settledOnceMore(clock: string): string {
  const [life = '0', times = '0'] = clock.split('.');
  return `${life === '' ? '0' : life}.${Number(times) + 1}`;
}
