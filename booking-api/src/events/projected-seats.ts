import type { Reader, SeatProjection } from '@holdfast/realtime-hub/projection';
import type { SeatReader, SeatView } from './seat-reader.ts';

/** A shopper waits this long for the first look at an event's seats. */
const READY_LIMIT_MS = 500;

/** Reads seats from this process's projections; an event is followed from the first question on. */
export function createProjectedSeats(reader: Reader): SeatReader {
  return {
    project: async (event) => {
      await reader.whenReady(event, READY_LIMIT_MS);
      return viewOf(reader.project(event));
    },
    peek: (event) => viewOf(reader.project(event)),
    feed: (event, epoch, entries) => reader.feed(event, epoch, entries),
  };
}

function viewOf(projection: SeatProjection): SeatView | null {
  if (!projection.ready) return null;
  const { map, position, chartHash, sale, verifiedAtMs } = projection;
  const reloads = projection.reloads + projection.repairs;
  return { map, position, chartHash, sale, reloads, verifiedAtMs };
}
