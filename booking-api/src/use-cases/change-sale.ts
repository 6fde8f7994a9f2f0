import type { EventDocument, EventId, SaleState } from '@holdfast/db/model';
import { type Refusal, refuse } from '../edge/refusal.ts';
import { loadingEvent } from './open-event.ts';
import {
  type OperatorParts,
  type OperatorResult,
  secondStep,
  UNSETTLED,
} from './operator-parts.ts';
import { changedEvent, presentEvent } from './present-event.ts';

/** draft -> open <-> paused -> closed; the scripts know the same steps. */
const STEPS: Readonly<Record<SaleState, readonly SaleState[]>> = {
  draft: ['open'],
  open: ['paused', 'closed'],
  paused: ['open', 'closed'],
  closed: [],
};

/**
 * Moves the sale of an event: first the document, then Redis. The document is what an event is
 * loaded from, so a crash between the two leaves Redis behind the document, never ahead of it; the
 * worker brings it up, and so does the same request sent again. The other order could sell seats of
 * an event that its own document calls closed.
 */
export async function changeSale(
  parts: OperatorParts,
  request: {
    readonly event: EventId;
    readonly version: number | null;
    readonly next: SaleState;
  },
): Promise<OperatorResult<{ readonly kind: 'event'; readonly document: EventDocument }>> {
  const { event, next } = request;
  const present = await presentEvent(parts, event, request.version);
  if (present.kind === 'refused') return present;
  const refused = await refuseStep(parts, present.document, next);
  if (refused !== null) return refused;
  const document = await storeSale(parts, present.document, next);
  if (document === null) return changedEvent();
  const sale = { next, version: document.version };
  const told = await secondStep(parts, async () => {
    const reply = await parts.store.sale(event, sale);
    if (reply.outcome === 'event.loading') loadingEvent(parts, event);
    if (reply.outcome === 'sale.illegal') {
      throw new Error(`Redis has the sale ${reply.sale}, the document ${next}`);
    }
  });
  return told === 'failed' ? UNSETTLED : { kind: 'event', document };
}

async function refuseStep(
  parts: OperatorParts,
  document: EventDocument,
  next: SaleState,
): Promise<Refusal | null> {
  if (document.sale === next) return null;
  if (!STEPS[document.sale].includes(next)) {
    return refuse('sale.illegal', `The sale is ${document.sale} and cannot become ${next}.`, {
      sale: document.sale,
    });
  }
  if (document.sale !== 'draft') return null;
  // Opening fixes the chart, so the seats that will be sold must be those of the document.
  const [head] = await parts.store.heads([document.id]);
  const isLoaded = head?.chartHash === document.chartHash;
  return isLoaded ? null : loadingEvent(parts, document.id);
}

/** The document with the sale in it; null when somebody else changed it meanwhile. */
async function storeSale(
  parts: OperatorParts,
  document: EventDocument,
  next: SaleState,
): Promise<EventDocument | null> {
  if (document.sale === next) return document;
  const changed = { ...document, sale: next, version: document.version + 1 };
  const updated = await parts.catalogue.updateEvent(changed, document.version);
  parts.events.forget(document.id);
  return updated === 'updated' ? changed : null;
}
