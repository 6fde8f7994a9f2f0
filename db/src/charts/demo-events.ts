import { fileURLToPath } from 'node:url';
import { type EventDocument, eventId, policyOfNewEvent } from '@holdfast/db/model';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { buildPlan } from './build-plan.ts';
import { readPlanFile } from './plan-file.ts';

/** The shows that a fresh installation opens with: one in each demo venue, made up, without performers. */
const DEMO_SHOWS = [
  { id: 'prince-edward-hamlet', name: 'Hamlet', venue: 'theatre', daysAhead: 14 },
  { id: 'scotiabank-arena-ice-gala', name: 'Ice Gala', venue: 'arena', daysAhead: 30 },
  { id: 'allianz-arena-cup-final', name: 'Cup Final', venue: 'stadium', daysAhead: 60 },
] as const;

const DAY_MS = 24 * 60 * 60 * 1_000;
const EVENING_MS = 18.5 * 60 * 60 * 1_000;

/** Where the plan of a demo venue lies. */
export function venueFile(venue: (typeof DEMO_SHOWS)[number]['venue']): string {
  return fileURLToPath(new URL(`../../venues/${venue}.json`, import.meta.url));
}

/**
 * Creates the demo events, on sale, when the catalogue has no event at all, and returns those it
 * created. Safe to call from several processes: an event that another one created is left alone.
 */
export async function seedDemoEvents(
  catalogue: Catalogue,
  { nowMs }: { readonly nowMs: number },
): Promise<EventDocument[]> {
  if ((await catalogue.listEvents()).length > 0) return [];
  const created: EventDocument[] = [];
  for (const show of DEMO_SHOWS) {
    const { chart } = buildPlan(await readPlanFile(venueFile(show.venue)));
    const { hash } = await catalogue.storeChart(chart);
    const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    const startsMs = midnightMs + show.daysAhead * DAY_MS + EVENING_MS;
    const event: EventDocument = {
      id: eventId(show.id),
      name: show.name,
      venue: chart.name,
      startsAt: new Date(startsMs).toISOString(),
      chartHash: hash,
      seatCount: chart.seatCount,
      sale: 'open',
      policy: policyOfNewEvent({}, chart.seatCount),
      version: 1,
    };
    if ((await catalogue.createEvent(event)) === 'created') created.push(event);
  }
  return created;
}
