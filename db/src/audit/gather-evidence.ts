import { type FeedEntry, GENESIS_CHAIN, type Holder } from '../model/door.ts';
import type { StoredEvent } from '../redis/read-event-state.ts';
import type { AuditEvidence, ViewerMap } from './evidence.ts';
import type { Journal } from './journal.ts';

export type GatheredParts = {
  /** What `readStoredEvent` of `db/redis` read while the event was quiet. */
  readonly stored: StoredEvent;
  /** The catalogue's archive of this epoch; records that Redis still has may be in it too. */
  readonly archived?: readonly FeedEntry[];
  /** The seats that the load stored: `x` for every block of then, `b:<booking>` for bookings. */
  readonly loaded?: ReadonlyMap<number, Holder>;
  readonly journals?: readonly Journal[];
  readonly viewers?: readonly ViewerMap[];
};

/** Evidence of an event whose whole feed is at hand: from its load to now. */
export function gatherEvidence(parts: GatheredParts): AuditEvidence {
  const { stored, archived = [], loaded = new Map() } = parts;
  const archiveEnd = archived.at(-1)?.offset ?? 0;
  return {
    seatCount: Number(stored.meta['seatCount']),
    policy: {
      maxSeats: Number(stored.meta['maxSeats']),
      maxTotalMs: Number(stored.meta['maxTotalMs']),
    },
    position: stored.position,
    base: { offset: 0, chain: GENESIS_CHAIN, holders: loaded, owners: new Map() },
    feed: [...archived, ...stored.feed.filter((entry) => entry.offset > archiveEnd)],
    map: stored.map,
    holders: stored.holders,
    holds: stored.holds,
    owned: stored.owned,
    due: stored.due,
    ended: stored.ended,
    journals: parts.journals ?? [],
    viewers: parts.viewers ?? [],
  };
}
