import type { Catalogue } from '@holdfast/db/catalogue';
import type { EventDocument, EventHead, EventId, HoldStore, SaleState } from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';

/**
 * The catalogue says whether an event is on sale; Redis follows. The operator's route changes both,
 * and a crash between the two, or a write by another tool, is found here. A draft whose chart was
 * replaced must be loaded anew.
 */
export type ReconcileSale = (event: EventId, head: EventHead) => Promise<void>;

export type ReconcileSaleParts = {
  readonly store: Pick<HoldStore, 'sale' | 'loadClose'>;
  readonly catalogue: Pick<Catalogue, 'readEvent'>;
  readonly logger: Logger;
  /** The event is a draft whose chart was replaced. */
  readonly onOtherChart: (event: EventId) => void;
};

const NEXT: Readonly<Record<SaleState, readonly SaleState[]>> = {
  draft: ['open'],
  open: ['paused', 'closed'],
  paused: ['open', 'closed'],
  closed: [],
};

/** The shortest legal way from one sale state to another, without the first; null where there is none. */
export function saleSteps(from: SaleState, to: SaleState): SaleState[] | null {
  const ways: SaleState[][] = [[]];
  const reached = new Set<SaleState>([from]);
  for (const way of ways) {
    const at = way.at(-1) ?? from;
    if (at === to) return way;
    for (const next of NEXT[at]) {
      if (reached.has(next)) continue;
      reached.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}

export function createReconcileSale(parts: ReconcileSaleParts): ReconcileSale {
  const { store, catalogue, logger } = parts;
  return async (event, head) => {
    const document = await catalogue.readEvent(event);
    if (document === null || document.version <= head.version) return;
    if (document.chartHash !== head.chartHash) return followChart(parts, document, head);
    const steps = saleSteps(head.sale, document.sale);
    if (steps === null) {
      const said = 'the catalogue and Redis disagree on the sale, and no legal step leads there';
      return logger.error({ event, from: head.sale, to: document.sale }, said);
    }
    for (const next of steps) {
      const { outcome } = await store.sale(event, { next, version: document.version });
      logger.info(
        { event, from: head.sale, to: next, outcome },
        'sale state follows the catalogue',
      );
      if (outcome !== 'changed' && outcome !== 'replayed') return;
    }
  };
}

/** The sale pins the chart: seats that people hold cannot be given another meaning. */
async function followChart(
  { store, logger, onOtherChart }: ReconcileSaleParts,
  { id: event, chartHash }: EventDocument,
  head: EventHead,
): Promise<void> {
  if (head.sale === 'draft') {
    await store.loadClose(event, { chartHash });
    onOtherChart(event);
    return;
  }
  const said = 'the catalogue names another chart than the one on sale; put the first one back';
  logger.error({ event, sale: head.sale, code: 'chart.pinned' }, said);
}
