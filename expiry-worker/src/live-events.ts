import type { Catalogue } from '@holdfast/db/catalogue';
import type { EventId } from '@holdfast/db/model';
import type { LiveEvents as LiveEventHints } from '@holdfast/db/redis';

/**
 * The events this worker looks after: the union of its own list, the `events:live` hint set and the
 * catalogue. No source alone is enough: the hint set may be lost with Redis, the catalogue is asked
 * only once a minute, and the list in memory dies with the worker.
 */
export type LiveEvents = {
  list(): readonly EventId[];
  /** Adds what others hinted at; cheap enough for once a second. */
  readHints(): Promise<void>;
  /** Unites all three and writes the hints anew, in case Redis lost them; once a minute. */
  unite(): Promise<void>;
  /** The catalogue has no such event: forget it, and ignore hints at it until the next `unite`. */
  drop(event: EventId): void;
};

export function createLiveEventList(parts: {
  readonly hints: LiveEventHints;
  readonly catalogue: Pick<Catalogue, 'listEvents'>;
}): LiveEvents {
  const events = new Set<EventId>();
  const unknown = new Set<EventId>();

  const readHints = async (): Promise<void> => {
    for (const event of await parts.hints.list()) if (!unknown.has(event)) events.add(event);
  };
  return {
    list: () => [...events],
    readHints,
    unite: async () => {
      unknown.clear();
      // The catalogue first: without Redis the list must still be right when Redis comes back.
      for (const { id } of await parts.catalogue.listEvents()) events.add(id);
      await readHints();
      await Promise.all([...events].map((event) => parts.hints.add(event)));
    },
    drop: (event) => {
      events.delete(event);
      unknown.add(event);
    },
  };
}
