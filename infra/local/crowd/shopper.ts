import { type ApiClient, createApiClient } from '@holdfast/booking-api/contract';
import { type Ambient, type EventId, sleep } from '@holdfast/db/model';
import type { RequestBudget } from './request-budget.ts';
import { pickNeighbours, type SeatRows } from './seat-rows.ts';

/** What all shoppers of a crowd share. */
export type Mall = {
  readonly baseUrl: string;
  readonly events: ReadonlyMap<EventId, SeatRows>;
  readonly ambient: Ambient;
  readonly budget: RequestBudget;
  readonly signal: AbortSignal;
};

const LOOKING_MS = [1_000, 9_000] as const;
const HOLDING_MS = [4_000, 45_000] as const;
const TROUBLE_PAUSE_MS = 5_000;
const PARTY_MAX = 5;
/** The others walk away and leave their hold to its deadline. */
const RELEASING_FRACTION = 0.7;

/**
 * One simulated shopper: comes, looks around, holds a few seats side by side, thinks, and gives
 * them back or walks away and comes again as somebody else. Refusals are part of the game.
 */
export async function shop(mall: Mall): Promise<void> {
  while (!mall.signal.aborted) {
    const api = await enter(mall);
    if (api === null) await sleep(mall.ambient.timers, TROUBLE_PAUSE_MS);
    else await visit(mall, api);
  }
}

async function enter(mall: Mall): Promise<ApiClient | null> {
  const anonymous = createApiClient({ fetch, baseUrl: mall.baseUrl, token: () => null });
  await mall.budget.turn();
  const session = await anonymous.call('createSession', { signal: mall.signal });
  if (session.kind !== 'done') return null;
  const { token } = session.body;
  return createApiClient({ fetch, baseUrl: mall.baseUrl, token: () => token });
}

/** Holds once and ends it, or ends the visit at the first thing that does not work out. */
async function visit(mall: Mall, api: ApiClient): Promise<void> {
  const { ambient, signal } = mall;
  const fraction = (): number => ambient.random.fraction();
  await sleep(ambient.timers, between(LOOKING_MS, fraction()));
  const events = [...mall.events];
  const chosen = events[Math.floor(fraction() * events.length)];
  if (chosen === undefined || signal.aborted) return;
  const [event, rows] = chosen;
  const seats = pickNeighbours(rows, 1 + Math.floor(fraction() * PARTY_MAX), fraction);
  await mall.budget.turn();
  const placed = await api.call('placeHold', {
    params: { event },
    body: { seats, chartHash: rows.chartHash },
    signal,
  });
  if (placed.kind === 'unreachable') await sleep(ambient.timers, TROUBLE_PAUSE_MS);
  if (placed.kind !== 'done') return;
  await sleep(ambient.timers, between(HOLDING_MS, fraction()));
  if (signal.aborted || fraction() >= RELEASING_FRACTION) return;
  await mall.budget.turn();
  await api.call('releaseHold', { params: { event, hold: placed.body.id }, signal });
}

function between([least, most]: readonly [number, number], fraction: number): number {
  return least + (most - least) * fraction;
}
