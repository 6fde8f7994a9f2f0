import type { ApiResult, Hold } from '@holdfast/booking-api/contract';
import { sleep } from '@holdfast/db/model';
import type { Show } from './show.ts';
import type { SimulatedCaller } from './simulated-callers.ts';
import type { Life } from './simulated-process.ts';

export type StrangerPlan = {
  readonly life: Life;
  readonly caller: SimulatedCaller;
  readonly show: Show;
  /** Holds that others were told, however the stranger learned of them. */
  readonly holds: () => readonly Hold[];
  readonly violate: (code: string, sentence: string) => void;
};

const PAUSE_MS = { least: 500, most: 6_000 } as const;
/** What anybody may hear who names a hold of somebody else: that there is none, or nothing at all. */
const HARMLESS: readonly string[] = [
  'hold.unknown',
  'event.loading',
  'store.unavailable',
  'unreachable',
  'pending',
];

/**
 * One who has learned the ids of others' holds and tries to read, extend, thin out and release them.
 * Nothing of it may work, and no answer may tell that there is such a hold.
 */
export async function meddle(plan: StrangerPlan, isOver: () => boolean): Promise<void> {
  const { life, holds, violate } = plan;
  while (!isOver()) {
    await sleep(life.ambient.timers, life.chance.between(PAUSE_MS.least, PAUSE_MS.most));
    const hold = isOver() ? undefined : life.chance.pick(holds());
    if (hold === undefined) continue;
    const { verb, outcome } = await attempt(plan, hold);
    if (HARMLESS.includes(outcome)) continue;
    const sentence = `A stranger called ${verb} for hold ${hold.id} and was told ${outcome} (I5).`;
    violate('stranger.served', sentence);
  }
}

type Answer =
  | ApiResult<'releaseHold'>
  | ApiResult<'readHold'>
  | ApiResult<'extendHold'>
  | ApiResult<'amendHold'>;

async function attempt(
  { life, caller, show }: StrangerPlan,
  hold: Hold,
): Promise<{ readonly verb: string; readonly outcome: string }> {
  const on = { params: { event: show.event, hold: hold.id } };
  const verb = life.chance.pick(VERBS) ?? 'releaseHold';
  const call = async (): Promise<Answer> => {
    if (verb === 'releaseHold') return await caller.call(verb, on);
    if (verb === 'readHold') return await caller.call(verb, on);
    if (verb === 'extendHold') return await caller.call(verb, { ...on, body: { rev: hold.rev } });
    const drop = hold.seats.slice(0, 1);
    const body = { rev: hold.rev, chartHash: show.chartHash, drop };
    return await caller.call(verb, { ...on, body });
  };
  return { verb, outcome: outcomeOf(await call()) };
}

/** Half of the attempts would free seats. */
const VERBS = ['releaseHold', 'releaseHold', 'amendHold', 'extendHold', 'readHold'] as const;

function outcomeOf(answer: Answer): string {
  if (answer.kind === 'refused') return answer.problem.code;
  return answer.kind === 'done' ? answer.body.status : 'unreachable';
}
