import type { Finding, Journal, ViewerMap } from '@holdfast/db/audit';
import { SEAT_STATE_NAMES, seatState } from '@holdfast/db/model';
import type { StoredEvent } from '@holdfast/db/redis';
import { seededFraction } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import { readWhenQuiet, viewersAgree } from '../../testing/sale/quiet-event.ts';
import { runRandomSale } from '../../testing/sale/random-sale.ts';
import { SEATS_PER_HOLD_MAX } from '../../testing/sale/sale-policy.ts';
import { createTally, type Tally } from '../../testing/sale/tally.ts';
import { openWanderer, openWatchers } from '../../testing/sale/watchers.ts';
import { type FailoverPlan, SHOPPERS } from './failover-plan.ts';
import { huntSold } from './sold-seats.ts';
import { type Fault, type RecoveryTimes, suffer } from './suffered-fault.ts';
import { auditBranches, commonOffset, type Forgotten, toldBranches } from './told-on-chain.ts';

export type FailoverEnd = {
  readonly findings: readonly Finding[];
  readonly tally: Tally;
  readonly before: StoredEvent;
  readonly after: StoredEvent;
  /** What was told before and is unknown since. */
  readonly forgotten: Forgotten;
  readonly times: RecoveryTimes;
};

/** Sells at random while Redis fails, and judges what was told before and after. */
export async function sellThroughFailover(plan: FailoverPlan): Promise<FailoverEnd> {
  const { stack, redis, show, ambient, seed } = plan;
  const tally = createTally();
  const watchers = await openWatchers({ stack, show, ambient });
  const over = new AbortController();
  const wanderer = await openWanderer({ stack, show, ambient }, seededFraction(seed), over.signal);
  const all = [...watchers, wanderer.watcher];
  const stops = all.map(
    ({ live }) =>
      () =>
        live.stop(),
  );
  let fault: Fault | undefined;
  const hunting = huntSold({ ...plan, tally, signal: over.signal });
  try {
    const journals = await runRandomSale({
      ...{ stack, show, ambient, tally, seed, shoppers: SHOPPERS },
      seatsPerHoldMax: SEATS_PER_HOLD_MAX,
      durationMs: 0,
      meanwhile: async () => {
        fault = await suffer(plan, watchers, stops);
      },
    });
    over.abort();
    await Promise.all([wanderer.done, hunting]);
    assert.ok(fault !== undefined);
    const stored = await readWhenQuiet(redis, show);
    const viewers = await viewersAgree(all, stored);
    return judge(plan, fault, { journals, stored, viewers, tally });
  } finally {
    over.abort();
    for (const stop of stops) stop();
  }
}

function judge(
  plan: FailoverPlan,
  fault: Fault,
  parts: {
    readonly journals: readonly Journal[];
    readonly stored: StoredEvent;
    readonly viewers: readonly ViewerMap[];
    readonly tally: Tally;
  },
): FailoverEnd {
  const { stored, viewers, tally } = parts;
  const { before, times, diedMs } = fault;
  for (const { status } of stored.holds.values()) tally.count('holds at the end', status);
  for (const seat of stored.map) tally.count('seats at the end', SEAT_STATE_NAMES[seatState(seat)]);
  const branches = toldBranches([...parts.journals, ...fault.journals], stored, {
    diedMs,
    shared: commonOffset(before, stored),
  });
  const loaded = plan.loaded?.(stored) ?? new Map();
  const findings = auditBranches(branches, { stored, loaded, viewers });
  return { before, times, findings, tally, after: stored, forgotten: branches.forgotten };
}
