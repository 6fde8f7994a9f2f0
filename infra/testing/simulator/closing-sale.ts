import { ownerId } from '@holdfast/db/model';
import type { Installation } from './installation.ts';
import type { Violation } from './judge.ts';
import type { Show } from './show.ts';
import { createSimulatedCaller } from './simulated-callers.ts';
import type { World } from './world.ts';

/** Without trouble an answer takes milliseconds. */
const ANSWER_LIMIT_MS = 5_000;
/** An API gives up a look at the clock 10 s after the first doubt: the question after that is answered. */
const DOUBT_LIMIT_MS = 16_000;

/** It sold and took back. */
const SELLS = 'done,done';

/**
 * Once all is calm every API must sell: one that kept a broken promise or a stale event would be as
 * quiet as the others and serve nobody. One seat is placed and given back at each of them, from an
 * address that has held nothing before.
 */
export async function closingSale(
  world: World,
  all: Installation,
  show: Show,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  const { state } = all.store;
  if (state.sale !== 'open') return violations;
  for (const api of all.apis) {
    const seat = show.labels.findIndex((_, at) => !state.holders.has(at));
    if (seat < 0) return violations;
    const owner = ownerId(`last-at-${api.name}`);
    const caller = createSimulatedCaller({
      ...{ world, life: all.people, apis: [api], count: () => undefined },
      caller: { owner, role: 'shopper' },
    });
    const answers: string[] = [];
    const buy = async (): Promise<void> => {
      const params = { event: show.event };
      const body = { seats: [show.labels[seat] ?? ''], chartHash: show.chartHash };
      const placed = await caller.call('placeHold', { params, body });
      answers.push(placed.kind === 'refused' ? placed.problem.code : placed.kind);
      if (placed.kind !== 'done') return;
      const hold = placed.body.id;
      const released = await caller.call('releaseHold', { params: { ...params, hold } });
      answers.push(released.kind === 'refused' ? released.problem.code : released.kind);
    };
    // A page asks again: an API that still doubts a clock says so for at most this long.
    const untilMs = world.time.nowMs + DOUBT_LIMIT_MS;
    do {
      answers.length = 0;
      void buy();
      await world.time.runUntil(world.time.nowMs + ANSWER_LIMIT_MS);
    } while (answers.join() === 'store.unavailable' && world.time.nowMs < untilMs);
    if (answers.join() === SELLS) continue;
    const sentence = `${api.name} does not sell after the trouble: ${answers.join(', ') || 'no answer'}.`;
    violations.push({ code: 'api.dead', sentence });
  }
  return violations;
}
