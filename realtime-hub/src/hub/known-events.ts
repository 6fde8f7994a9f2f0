import type { Catalogue } from '@holdfast/db/catalogue';
import type { Clock, EventId } from '@holdfast/db/model';

/** An event that was created a moment ago is met by its first viewers after at most this. */
const FORGET_UNKNOWN_MS = 1_000;
const KEPT_MAX = 10_000;

/**
 * Whether the catalogue has an event: what it has is remembered, what it has not is asked for
 * again a second later, so that made-up names cost one read a second each and no projection.
 */
export function createKnownEvents(
  catalogue: Pick<Catalogue, 'readEvent'>,
  clock: Clock,
): (event: EventId) => Promise<boolean> {
  const known = new Set<EventId>();
  const unknownSinceMs = new Map<EventId, number>();
  return async (event) => {
    if (known.has(event)) return true;
    const nowMs = clock.monotonicMs();
    if (nowMs - (unknownSinceMs.get(event) ?? Number.NEGATIVE_INFINITY) < FORGET_UNKNOWN_MS) {
      return false;
    }
    if ((await catalogue.readEvent(event)) !== null) {
      known.add(event);
      unknownSinceMs.delete(event);
      return true;
    }
    if (unknownSinceMs.size >= KEPT_MAX) unknownSinceMs.clear();
    unknownSinceMs.set(event, nowMs);
    return false;
  };
}
