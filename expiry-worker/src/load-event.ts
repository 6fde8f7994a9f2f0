import type { Catalogue } from '@holdfast/db/catalogue';
import {
  base64Url,
  type EventId,
  type HoldStore,
  LOAD_PART_MAX,
  type LoadReply,
  type Random,
} from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';

/**
 * Brings an event from the catalogue into Redis. Only the worker loads; until `load_end` everybody
 * else answers `event.loading`.
 *
 * Failure story: the load lock keeps workers from doing the same work, the token in Redis keeps
 * them from mixing it. A worker that dies in the middle leaves a loading whose last part grows old;
 * after `LOAD_STALE_MS` the next `load_begin` takes it over under a new token, and whatever the
 * first still sends is refused. An event stays missing until somebody loads it, and every worker
 * asks once a second.
 *
 * Bookings will come in as further parts, between the blocks and `load_end`.
 */
export type LoadEvent = (event: EventId) => Promise<LoadEnd>;

/**
 * `opened`: by this call. `open`: it was open already. `taken`: another worker loads it.
 * `unknown`: the catalogue has no such event. `refused`: a block does not fit the event's seats.
 */
export type LoadEnd = 'opened' | 'open' | 'taken' | 'unknown' | 'refused';

export type LoadLock = {
  /** Waits for the event's load lock, a bounded time; null when it was not granted. */
  withLoad<T>(event: EventId, task: () => Promise<T>): Promise<T | null>;
};

export type LoadEventParts = {
  readonly store: Pick<HoldStore, 'loadBegin' | 'loadPart' | 'loadEnd'>;
  readonly catalogue: Pick<Catalogue, 'readEvent' | 'listBlocks'>;
  readonly lock: LoadLock;
  readonly random: Random;
  readonly logger: Logger;
};

const TOKEN_BYTES = 16;

export function createLoadEvent(parts: LoadEventParts): LoadEvent {
  return async (event) => {
    // Asked before the lock: a hint at an event that does not exist must not cost a lock each second.
    if ((await parts.catalogue.readEvent(event)) === null) return 'unknown';
    const end = await parts.lock.withLoad(event, () => load(parts, event));
    // Not granted: another loads, and its token refuses ours; or the lock's servers are away, and
    // then the event must still be loaded.
    return end ?? load(parts, event);
  };
}

async function load(parts: LoadEventParts, event: EventId): Promise<LoadEnd> {
  const { store, catalogue, logger } = parts;
  const document = await catalogue.readEvent(event);
  if (document === null) return 'unknown';
  const { chartHash, seatCount, sale, policy, version } = document;
  const token = base64Url(parts.random.bytes(TOKEN_BYTES));
  const source = { chartHash, seatCount, sale, policy, version };
  const begun = endOf(await store.loadBegin(event, { token, ...source }));
  if (begun !== null) return begun;
  // Read after `load_begin`: from here on no operator can block a seat behind our back.
  const blocks = await catalogue.listBlocks(event);
  for (let from = 0; from < blocks.length; from += LOAD_PART_MAX) {
    const part = blocks.slice(from, from + LOAD_PART_MAX);
    const seats = part.map((seat) => ({ seat, holder: 'x' as const }));
    const stored = endOf(await store.loadPart(event, { token, seats }));
    if (stored !== null) return stored;
    logger.info({ event, done: from + part.length, of: blocks.length }, 'loading blocks');
  }
  const end = endOf(await store.loadEnd(event, { token })) ?? 'refused';
  if (end === 'opened') {
    logger.info({ event, seats: seatCount, blocks: blocks.length, sale }, 'event loaded');
  }
  return end;
}

/** How a step ended the loading, or null where it goes on. */
function endOf({ outcome }: LoadReply): LoadEnd | null {
  switch (outcome) {
    case 'begun':
    case 'stored':
      return null;
    case 'opened':
      return 'opened';
    case 'event.open':
      return 'open';
    case 'load.taken':
      return 'taken';
    case 'seats.invalid':
    case 'policy.invalid':
      return 'refused';
  }
}
