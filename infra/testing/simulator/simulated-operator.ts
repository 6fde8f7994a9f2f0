import type { Hold } from '@holdfast/booking-api/contract';
import { sleep } from '@holdfast/db/model';
import type { Show } from './show.ts';
import type { SimulatedCaller } from './simulated-callers.ts';
import type { Life } from './simulated-process.ts';

export type OperatorPlan = {
  readonly life: Life;
  readonly caller: SimulatedCaller;
  readonly show: Show;
  /** What shoppers think they hold. */
  readonly holds: () => readonly Hold[];
};

const PAUSE_MS = { least: 1_000, most: 9_000 } as const;
const BLOCK_SEATS_MAX = 4;

/** Blocks, frees, revokes and pauses the sale at random; leaves the sale open at the end. */
export async function operate(plan: OperatorPlan, isOver: () => boolean): Promise<void> {
  const { life } = plan;
  const { timers } = life.ambient;
  while (!isOver()) {
    await sleep(timers, life.chance.between(PAUSE_MS.least, PAUSE_MS.most));
    if (isOver()) break;
    const tried = life.chance.fraction();
    if (tried < 0.3) await revoke(plan);
    else if (tried < 0.6) await block(plan, 'blockSeats');
    else if (tried < 0.9) await block(plan, 'unblockSeats');
    else await pauseSale(plan);
  }
}

async function revoke({ life, caller, show, holds }: OperatorPlan): Promise<void> {
  const hold = life.chance.pick(holds())?.id;
  if (hold === undefined) return;
  await caller.call('revokeHold', { params: { event: show.event, hold } });
}

async function block(
  { life, caller, show }: OperatorPlan,
  verb: 'blockSeats' | 'unblockSeats',
): Promise<void> {
  const { chance } = life;
  // Most seats that are freed were never blocked.
  const wanted = 1 + chance.below(BLOCK_SEATS_MAX * (verb === 'unblockSeats' ? 4 : 1));
  const seats = new Set(Array.from({ length: wanted }, () => chance.pick(show.labels) ?? ''));
  const request = {
    params: { event: show.event },
    body: { seats: [...seats], chartHash: show.chartHash },
  };
  if (verb === 'unblockSeats') {
    await caller.call('unblockSeats', request);
    return;
  }
  const body = { ...request.body, revokeHolds: chance.happens(0.5) };
  await caller.call('blockSeats', { ...request, body });
}

/** A sale that cannot be opened again is tried until it can: nobody would buy any more. */
async function pauseSale({ life, caller, show }: OperatorPlan): Promise<void> {
  const { timers } = life.ambient;
  const params = { event: show.event };
  await caller.call('changeSale', { params, body: { next: 'paused' } });
  for (;;) {
    await sleep(timers, life.chance.between(PAUSE_MS.least, PAUSE_MS.most));
    const opened = await caller.call('changeSale', { params, body: { next: 'open' } });
    if (opened.kind === 'done' && opened.status === 200) return;
  }
}
