import type { Chart, EventId } from '@holdfast/db/model';
import { type Refusal, refuse } from '../edge/refusal.ts';
import type { EventResult } from './create-event.ts';
import { type OperatorParts, secondStep } from './operator-parts.ts';
import { changedEvent, presentEvent } from './present-event.ts';
import { storeChart } from './store-chart.ts';

/**
 * Replaces the chart of a draft. Seats of a draft cannot be held, so nothing is lost when its Redis
 * state, which still speaks of the old chart, is closed: a worker that looks for closed events each
 * second loads it anew. If closing fails, the worker finds within a minute or so that head and
 * document name different charts; the sale does not open before.
 */
export async function replaceChart(
  parts: OperatorParts,
  request: {
    readonly event: EventId;
    readonly version: number | null;
    readonly body: Chart;
  },
): Promise<EventResult> {
  const present = await presentEvent(parts, request.event, request.version);
  if (present.kind === 'refused') return present;
  const { document } = present;
  const fixed = await refuseFixedChart(parts, document.id, document.sale);
  if (fixed !== null) return fixed;
  const chart = await storeChart(parts, request.body);
  if (chart.kind === 'refused') return chart;
  const next = {
    ...document,
    chartHash: chart.hash,
    seatCount: chart.seatCount,
    version: document.version + 1,
  };
  const updated = await parts.catalogue.updateEvent(next, document.version);
  parts.events.forget(document.id);
  if (updated === 'blocked') return blockedChart();
  if (updated !== 'updated') return changedEvent();
  await secondStep(parts, () => parts.store.loadClose(document.id, { chartHash: chart.hash }));
  await parts.live.add(document.id).catch((error: unknown) => {
    parts.logger.warn({ err: error, event: document.id }, 'the worker was not told of a new chart');
  });
  return { kind: 'event', document: next };
}

async function refuseFixedChart(
  { catalogue }: OperatorParts,
  event: EventId,
  sale: string,
): Promise<Refusal | null> {
  if (sale !== 'draft') return refuse('chart.pinned', `The sale of this event is ${sale}.`);
  const blocks = await catalogue.listBlocks(event);
  if (blocks.length === 0) return null;
  return blockedChart();
}

/** Blocks name seats by their place in the chart. */
function blockedChart(): Refusal {
  return refuse('chart.blocked', 'Seats of this event are blocked; put them back on sale first.');
}
