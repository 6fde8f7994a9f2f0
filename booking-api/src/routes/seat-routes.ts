import { CHART_HEADER, POSITION_HEADER, SEAT_COUNT_HEADER } from '../contract/door.ts';
import type { Handlers } from '../edge/call.ts';
import { hasTag } from '../edge/conditions.ts';
import type { SnapshotCache } from '../events/snapshot-cache.ts';
import type { HoldParts } from '../use-cases/hold-parts.ts';
import { loadingEvent, openEvent } from '../use-cases/open-event.ts';
import { seesDrafts } from './event-routes.ts';

export function seatRoutes(
  parts: HoldParts & { readonly snapshots: SnapshotCache },
): Pick<Handlers, 'readSeats'> {
  return {
    readSeats: async ({ params, caller, conditions }) => {
      const { event } = params;
      const open = await openEvent(parts, event, { seesDrafts: seesDrafts(caller) });
      if (open.kind === 'refused') return open;
      const view = await parts.reader.project(event);
      // A draft whose chart was just replaced: the seats still speak of the old one.
      if (view === null || view.chartHash !== open.chart.hash) return loadingEvent(parts, event);
      const { epoch, offset, chain } = view.position;
      const encoded = parts.snapshots.read(event, view, open.chart);
      const headers = {
        'Cache-Control': 'no-cache',
        [CHART_HEADER]: view.chartHash,
        [SEAT_COUNT_HEADER]: `${open.chart.seatCount}`,
        [POSITION_HEADER]: `${epoch}/${offset}/${chain}`,
      };
      return { status: hasTag(conditions, encoded.etag) ? 304 : 200, encoded, headers };
    },
  };
}
