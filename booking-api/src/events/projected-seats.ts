import type { EventId } from '@holdfast/db/model';
import type { Reader, SeatProjection } from '@holdfast/realtime-hub/projection';
import type { SeatReader, SeatView } from './seat-reader.ts';

/** A shopper waits this long for the first look at an event's seats. */
const READY_LIMIT_MS = 500;

type Projection = Pick<
  SeatProjection,
  'ready' | 'map' | 'position' | 'chartHash' | 'sale' | 'reloads' | 'repairs' | 'verifiedAtMs'
>;

/** What is asked of a reader here. */
export type ProjectionSource = Pick<Reader, 'whenReady' | 'feed'> & {
  project(event: EventId): Projection;
};

/** Reads seats from this process's projections; an event is followed from the first question on. */
export function createProjectedSeats(reader: ProjectionSource): SeatReader {
  return {
    project: async (event) => {
      await reader.whenReady(event, READY_LIMIT_MS);
      return viewOf(reader.project(event));
    },
    peek: (event) => viewOf(reader.project(event)),
    feed: (event, epoch, entries) => reader.feed(event, epoch, entries),
  };
}

function viewOf(projection: Projection): SeatView | null {
  if (!projection.ready) return null;
  const { map, position, chartHash, sale, verifiedAtMs } = projection;
  const reloads = projection.reloads + projection.repairs;
  return { map, position, chartHash, sale, reloads, verifiedAtMs };
}
