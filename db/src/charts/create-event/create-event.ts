import {
  type Chart,
  type EventDocument,
  type EventId,
  eventId,
  policyOfNewEvent,
} from '@holdfast/db/model';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { buildPlan } from '../build-plan.ts';
import { readPlanFile } from '../plan-file.ts';
import type { Request } from './arguments.ts';

export type CreateOutcome =
  | {
      readonly outcome: 'created';
      readonly event: EventDocument;
      readonly chart: Chart;
      readonly warnings: readonly string[];
    }
  | { readonly outcome: 'exists'; readonly id: EventId };

const ID_LENGTH_MAX = 40;

/**
 * Builds the chart and stores it with a new event. The plan is read and judged as a whole before
 * anything is stored. Throws `ChartError` or `CatalogueError`.
 */
export async function createEvent(catalogue: Catalogue, request: Request): Promise<CreateOutcome> {
  const { chart, warnings } = buildPlan(await readPlanFile(request.chartFile), {
    prices: request.prices,
    ...(request.currency === null ? {} : { currency: request.currency }),
  });
  const venue = request.venue ?? chart.name;
  const id = request.id ?? readableId(venue, request.name);
  if ((await catalogue.readEvent(id)) !== null) return { outcome: 'exists', id };
  const { hash } = await catalogue.storeChart(chart);
  const event: EventDocument = {
    id,
    name: request.name,
    venue,
    startsAt: request.startsAt,
    chartHash: hash,
    seatCount: chart.seatCount,
    sale: request.open ? 'open' : 'draft',
    policy: policyOfNewEvent(request.policy, chart.seatCount),
    version: 1,
  };
  if ((await catalogue.createEvent(event)) === 'exists') return { outcome: 'exists', id };
  return { outcome: 'created', event, chart, warnings };
}

/** Venue and show as an event id, the venue cut where both do not fit: `theatre-royal-hamlet`. */
export function readableId(venue: string, name: string): EventId {
  const show = dashed(name).slice(0, ID_LENGTH_MAX).replace(/-$/, '');
  const room = ID_LENGTH_MAX - show.length - 1;
  const place = dashed(venue).slice(0, Math.max(0, room)).replace(/-$/, '');
  return eventId([place, show].filter((part) => part !== '').join('-') || 'event');
}

function dashed(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
