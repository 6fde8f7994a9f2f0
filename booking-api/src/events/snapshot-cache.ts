import type { EventId } from '@holdfast/db/model';
import { packSnapshot, SEATS_MEDIA_TYPE } from '../contract/door.ts';
import { type EncodedBody, encodedBody } from '../edge/encoded-body.ts';
import type { ChartIndex } from './chart-index.ts';
import type { SeatView } from './seat-reader.ts';

/** The packed seats of each event at its latest position: built once, sent to everybody who asks. */
export type SnapshotCache = {
  read(event: EventId, view: SeatView, chart: ChartIndex): Snapshot;
};

export type Snapshot = { readonly etag: string; readonly body: EncodedBody };

/** A busy event's snapshot lives for milliseconds: speed before size. */
const SNAPSHOT_QUALITY = 4;
const SNAPSHOTS_KEPT_MAX = 100;

export function createSnapshotCache(): SnapshotCache {
  const kept = new Map<EventId, Snapshot>();
  return {
    read: (event, view, chart) => {
      const etag = snapshotEtag(view);
      const known = kept.get(event);
      if (known?.etag === etag) return known;
      const bytes = packSnapshot(chart.sections, view.map);
      const fresh = { etag, body: encodedBody(SEATS_MEDIA_TYPE, bytes, SNAPSHOT_QUALITY) };
      kept.delete(event);
      kept.set(event, fresh);
      const [oldest] = kept.keys();
      if (kept.size > SNAPSHOTS_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      return fresh;
    },
  };
}

/** The position, and what a position does not tell: that this process had to read the map anew. */
function snapshotEtag({ position, reloads, chartHash }: SeatView): string {
  const { epoch, offset, chain } = position;
  return `"${epoch}-${offset}-${chain}-${reloads}-${chartHash}"`;
}
