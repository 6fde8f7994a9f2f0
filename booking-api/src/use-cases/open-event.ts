import type { EventDocument, EventId } from '@holdfast/db/model';
import { RETRY_SOON_MS, type Refusal, refuse } from '../edge/refusal.ts';
import type { ChartIndex } from '../events/chart-index.ts';
import type { HoldParts } from './hold-parts.ts';

/** An event with the chart that its labels are read from. */
export type OpenEvent = {
  readonly kind: 'open';
  readonly document: EventDocument;
  readonly chart: ChartIndex;
};

/** Reads an event for a caller; drafts exist for operators only. */
export async function openEvent(
  parts: Pick<HoldParts, 'events' | 'charts'>,
  event: EventId,
  reader: { readonly seesDrafts: boolean },
): Promise<OpenEvent | Refusal> {
  const document = await parts.events.read(event);
  if (document === null || (document.sale === 'draft' && !reader.seesDrafts)) {
    return unknownEvent();
  }
  const chart = await parts.charts.read(document.chartHash);
  if (chart === null) {
    throw new Error(`the catalogue has no chart ${document.chartHash} of event ${event}`);
  }
  return { kind: 'open', document, chart };
}

export function unknownEvent(): Refusal {
  return refuse('event.unknown', 'There is no event of this id.');
}

/** The event has no open state: the worker is told, the caller comes back. */
export function loadingEvent(parts: Pick<HoldParts, 'live' | 'logger'>, event: EventId): Refusal {
  parts.live.add(event).catch((error: unknown) => {
    parts.logger.warn({ err: error, event }, 'the worker could not be told to load an event');
  });
  return refuse('event.loading', 'The seats of this event are being loaded.', {
    retryAfterMs: RETRY_SOON_MS,
  });
}
