import type { Catalogue } from '@holdfast/db/catalogue';
import type { Clock, EventDocument, EventId } from '@holdfast/db/model';

/**
 * Event documents as this process last read them. Sale state, chart and policy are judged again
 * inside the scripts, so a document that is a moment old can only make a refusal earlier or later
 * by that moment, never let something through.
 */
export type EventCache = {
  read(event: EventId): Promise<EventDocument | null>;
  /** All events, drafts included, as old as `EVENT_FRESH_MS` at most. */
  list(): Promise<readonly EventDocument[]>;
  /** Somebody saw that the document must have changed. */
  forget(event: EventId): void;
};

type Kept<T> = { readonly value: Promise<T>; readonly readAtMs: number };

export const EVENT_FRESH_MS = 1_000;
/** Ids that nobody has ever heard of are kept too, so the number is bounded. */
const EVENTS_KEPT_MAX = 1_000;

export function createEventCache(catalogue: Catalogue, clock: Clock): EventCache {
  const kept = new Map<EventId, Kept<EventDocument | null>>();
  let listed: Kept<readonly EventDocument[]> | null = null;
  const isFresh = (one: Kept<unknown>): boolean =>
    clock.monotonicMs() - one.readAtMs < EVENT_FRESH_MS;
  const read = (event: EventId): Promise<EventDocument | null> => {
    const known = kept.get(event);
    if (known !== undefined && isFresh(known)) return known.value;
    const fresh = { value: catalogue.readEvent(event), readAtMs: clock.monotonicMs() };
    keep(kept, event, fresh);
    fresh.value.catch(() => kept.delete(event));
    return fresh.value;
  };
  return {
    read,
    list: () => {
      if (listed !== null && isFresh(listed)) return listed.value;
      const fresh = { value: catalogue.listEvents(), readAtMs: clock.monotonicMs() };
      listed = fresh;
      fresh.value.catch(() => {
        listed = null;
      });
      return fresh.value;
    },
    forget: (event) => {
      kept.delete(event);
      listed = null;
    },
  };
}

function keep<T>(map: Map<EventId, T>, event: EventId, value: T): void {
  map.delete(event);
  map.set(event, value);
  const [oldest] = map.keys();
  if (map.size > EVENTS_KEPT_MAX && oldest !== undefined) map.delete(oldest);
}
