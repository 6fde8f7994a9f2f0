import { type EventDocument, eventId, policyOfNewEvent } from '@holdfast/db/model';
import type { CreateEvent } from '../contract/door.ts';
import { type Refusal, refuse } from '../edge/refusal.ts';
import type { OperatorParts } from './operator-parts.ts';
import { type StoredChart, storeChart } from './store-chart.ts';

export type EventResult = { readonly kind: 'event'; readonly document: EventDocument } | Refusal;

/** Creates an event as a draft; an id that exists is never overwritten. */
export async function createEvent(parts: OperatorParts, body: CreateEvent): Promise<EventResult> {
  const id = eventId(body.id);
  const chart = await chartOf(parts, body);
  if (chart.kind === 'refused') return chart;
  const document: EventDocument = {
    id,
    name: body.name,
    venue: body.venue,
    startsAt: body.startsAt,
    chartHash: chart.hash,
    seatCount: chart.seatCount,
    sale: 'draft',
    policy: policyOfNewEvent(body.policy ?? {}, chart.seatCount),
    version: 1,
  };
  const created = await parts.catalogue.createEvent(document);
  parts.events.forget(id);
  if (created === 'exists') return refuse('event.exists', 'This id is taken.');
  await parts.live.add(id).catch((error: unknown) => {
    // Workers also read the catalogue once a minute.
    parts.logger.warn({ err: error, event: id }, 'the worker could not be told of a new event');
  });
  return { kind: 'event', document };
}

async function chartOf(parts: OperatorParts, body: CreateEvent): Promise<StoredChart | Refusal> {
  if (body.chart !== undefined) return storeChart(parts, body.chart);
  const known = body.chartHash === undefined ? null : await parts.charts.read(body.chartHash);
  if (known === null) return refuse('chart.unknown', 'No chart is stored under this hash.');
  return { kind: 'stored', hash: known.hash, seatCount: known.seatCount };
}
