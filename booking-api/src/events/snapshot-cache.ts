import type { EventId } from '@holdfast/db/model';
import { packSnapshot, SEATS_MEDIA_TYPE } from '../contract/door.ts';
import { type EncodedBody, encodedBody } from '../edge/encoded-body.ts';
import type { ChartIndex } from './chart-index.ts';
import type { SeatView } from './seat-reader.ts';

/** The packed seats of each event at its latest position: built once, sent to everybody who asks. */
export type SnapshotCache = {
  read(event: EventId, view: SeatView, chart: ChartIndex): EncodedBody;
};

/** A busy event's snapshot lives for milliseconds: speed before size. */
const SNAPSHOT_QUALITY = 4;
const SNAPSHOTS_KEPT_MAX = 100;

export function createSnapshotCache(): SnapshotCache {
  const kept = new Map<EventId, { readonly tag: string; readonly body: EncodedBody }>();
  return {
    read: (event, view, chart) => {
      const tag = snapshotTag(view);
      const known = kept.get(event);
      if (known?.tag === tag) return known.body;
      const body = encodedBody({
        type: SEATS_MEDIA_TYPE,
        tag,
        plain: packSnapshot(chart.sections, view.map),
        quality: SNAPSHOT_QUALITY,
      });
      kept.delete(event);
      kept.set(event, { tag, body });
      const [oldest] = kept.keys();
      if (kept.size > SNAPSHOTS_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      return body;
    },
  };
}

/** The position, and what a position does not tell: that this process had to read the map anew. */
function snapshotTag({ position, reloads, chartHash }: SeatView): string {
  const { epoch, offset, chain } = position;
  return `${epoch}-${offset}-${chain}-${reloads}-${chartHash}`;
}
