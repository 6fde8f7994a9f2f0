import type { Journal } from '@holdfast/db/audit';
import { sleep } from '@holdfast/db/model';
import { readStoredEvent, type StoredEvent } from '@holdfast/db/redis';
import { seededFraction } from '@holdfast/infra/testing';
import type { JournalledShopper } from '../../testing/journalled-shopper.ts';
import { enter } from '../../testing/sale/random-sale.ts';
import type { Watcher } from '../../testing/sale/watchers.ts';
import { until } from '../../testing/until.ts';
import { type FailoverPlan, SHOPPERS } from './failover-plan.ts';
import { placeForgotten } from './forgotten-shoppers.ts';

/** What one fault did to a running sale, as it was seen from outside. */
export type Fault = {
  /** The event as it was last, before Redis ended. */
  readonly before: StoredEvent;
  /** From then on the old Redis told nothing any more; wall time, and Redis runs on this machine. */
  readonly diedMs: number;
  readonly times: RecoveryTimes;
  /** Of those who took part only because of the fault. */
  readonly journals: readonly Journal[];
};

/** Counted from the end of the old Redis on. */
export type RecoveryTimes = {
  /** The way to something that answers again, where the test brought it. */
  readonly revivedMs: number | null;
  readonly firstHoldMs: number;
  /** Every screen of the whole hall claims to be right, and is of the new life or behind the first hold. */
  readonly screensMs: number;
  /** Every holder that the new life does not know has been told `hold.lost`. */
  readonly toldMs: number | null;
};

const BEFORE_MS = 3_000;
const STALLED_MS = 500;
const AFTER_MS = 3_000;
const RECOVERY_LIMIT_MS = 40_000;
const PROBE_PERIOD_MS = 50;

export async function suffer(
  plan: FailoverPlan,
  watchers: readonly Watcher[],
  stops: (() => void)[],
): Promise<Fault> {
  const { ambient, redis, show, stall, stalledMs = STALLED_MS } = plan;
  await sleep(ambient.timers, BEFORE_MS);
  await stall?.();
  const lost = stall === undefined ? null : await placeForgotten(plan, stops);
  await sleep(ambient.timers, stalledMs);
  const before = await readStoredEvent(redis, show.id);
  // Sessions need Redis too, so who will try is there already.
  const probe = await enter(plan, 'probe');
  await plan.kill();
  const diedMs = ambient.clock.wallMs();
  const sinceMs = (): number => Math.round(ambient.clock.wallMs() - diedMs);
  await plan.revive?.();
  const revivedMs = plan.revive === undefined ? null : sinceMs();
  const reached = await untilHeldAgain(plan, probe);
  const firstHoldMs = sinceMs();
  await until(
    'every screen of the whole hall is live behind the first hold or in the next epoch',
    () =>
      watchers.every((watcher) => isRightAgain(watcher, before, lost === null ? reached : null)),
    RECOVERY_LIMIT_MS,
  );
  const screensMs = sinceMs();
  if (lost !== null) {
    await until('every forgotten holder is told', () => lost.told() === lost.count);
  }
  const toldMs = lost === null ? null : sinceMs();
  await sleep(ambient.timers, AFTER_MS);
  const journals = [probe.journal, ...(lost?.journals ?? [])];
  return { before, diedMs, times: { revivedMs, firstHoldMs, screensMs, toldMs }, journals };
}

/** `reached`: what is far enough within the old epoch; null where that epoch must be over. */
function isRightAgain(
  { live, sections }: Watcher,
  { position: { epoch } }: StoredEvent,
  reached: number | null,
): boolean {
  if (sections !== 'all') return true;
  const at = live.viewer.position(0);
  const isOld = at.epoch === epoch && (reached === null || at.offset < reached);
  return live.viewer.state.kind === 'live' && !isOld;
}

/** Tries again and again, as a page does, and keeps the seat; gives the offset at which it got it. */
async function untilHeldAgain(
  { show, ambient, seed }: FailoverPlan,
  probe: JournalledShopper,
): Promise<number> {
  const fraction = seededFraction(seed + SHOPPERS);
  await until(
    'a seat can be held again',
    async () => {
      const label = show.labels[Math.floor(fraction() * show.labels.length)] ?? '';
      const isHeld = (await probe.place([label])) === 'held';
      if (!isHeld) await sleep(ambient.timers, PROBE_PERIOD_MS);
      return isHeld;
    },
    RECOVERY_LIMIT_MS,
  );
  return probe.basket?.position.offset ?? 0;
}
