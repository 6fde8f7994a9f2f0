import { auditEvent, type Finding, gatherEvidence } from '@holdfast/db/audit';
import type { Ambient } from '@holdfast/db/model';
import type { Redis } from 'ioredis';
import { hallChart } from '../hall-chart.ts';
import { type OpenShow, openShow } from '../open-show.ts';
import { readWhenQuiet, viewersAgree } from '../sale/quiet-event.ts';
import { runRandomSale } from '../sale/random-sale.ts';
import { SALE_POLICY, SEATS_PER_HOLD_MAX } from '../sale/sale-policy.ts';
import type { Tally } from '../sale/tally.ts';
import { openWanderer, openWatchers, openWireWatchers } from '../sale/watchers.ts';
import type { TestStack } from '../stack.ts';
import { seededFraction } from '../test-seed.ts';
import { servicesOf } from './faults.ts';
import { inflictFaults } from './inflict-faults.ts';
import { createVictims } from './victims.ts';

export type ChaosRoundPlan = {
  readonly stack: TestStack;
  readonly redis: Redis;
  readonly ambient: Ambient;
  readonly seed: number;
  /** Of the trouble; the calm after it comes on top. */
  readonly durationMs: number;
  readonly eventName: string;
  readonly tally: Tally;
};

export type ChaosRound = {
  readonly findings: readonly Finding[];
  readonly feedRecords: number;
  /** From the end of the last fault until every short hold had ended and every viewer was right. */
  readonly calmedMs: number;
};

const SHOPPERS = 50;
const RETRIES = 6;
const HALL = hallChart({ sections: 4, rows: 6, seatsPerRow: 10 });

/** One event sold in the midst of faults, and judged when all is calm again. */
export async function runChaosRound(plan: ChaosRoundPlan): Promise<ChaosRound> {
  const { stack, redis, ambient, tally, seed } = plan;
  const show = await openShow(stack, { id: plan.eventName, chart: HALL, policy: SALE_POLICY });
  const watching = { stack, show, ambient, throughGateway: true };
  const over = new AbortController();
  const watchers = await openWatchers(watching);
  const wires = await openWireWatchers(watching);
  const wanderer = await openWanderer(watching, seededFraction(seed - 2), over.signal);
  const screens = [...watchers, ...wires, wanderer.watcher];
  try {
    let troubleOverMs = 0;
    const journals = await runRandomSale({
      ...{ stack, show, ambient, tally, seed, shoppers: SHOPPERS, retries: RETRIES },
      durationMs: plan.durationMs,
      seatsPerHoldMax: SEATS_PER_HOLD_MAX,
      meanwhile: async () => {
        await trouble(plan);
        troubleOverMs = ambient.clock.monotonicMs();
      },
    });
    over.abort();
    await wanderer.done;
    const stored = await readWhenQuiet(redis, show);
    const viewers = await viewersAgree(screens, stored);
    for (const { status } of stored.holds.values()) tally.count('holds at the end', status);
    for (const { live } of wires) tally.count('own reading', wrongly(live.wrongDigests()));
    return {
      findings: auditEvent(gatherEvidence({ stored, journals, viewers })),
      feedRecords: stored.feed.length,
      calmedMs: Math.round(ambient.clock.monotonicMs() - troubleOverMs),
    };
  } finally {
    over.abort();
    for (const { live } of screens) live.stop();
    await closeSale(show);
  }
}

async function trouble({ stack, redis, ambient, seed, durationMs, tally }: ChaosRoundPlan) {
  const fraction = seededFraction(seed - 3);
  const victims = createVictims(servicesOf(stack), ambient.clock, fraction);
  await inflictFaults({ stack, redis, ambient, victims, fraction, durationMs, tally });
}

function wrongly(count: number): string {
  return count === 0 ? 'always right' : 'met a wrong digest';
}

/** The next round needs nothing of this event, and no reader has to follow it any more. */
async function closeSale(show: OpenShow): Promise<void> {
  await show.operator.call('changeSale', { params: { event: show.id }, body: { next: 'closed' } });
}
