import type { Redis } from 'ioredis';
import type { FeedEntry } from '../model/feed-record.ts';
import { decodeHoldRecord, type HoldRecord } from '../model/hold-record.ts';
import { isHolder } from '../model/holder.ts';
import { type EventId, type HoldId, holdId } from '../model/ids.ts';
import { GENESIS_CHAIN, type Position } from '../model/position.ts';
import type { Holder } from '../model/reply.ts';
import type { SeatMap } from '../model/seat-state.ts';
import { eventKey } from './keys.ts';

/**
 * Everything Redis keeps of one event, for audits and comparisons. Not atomic: read it while the
 * event is quiet. Reads whole collections, so it is no call for a request path.
 */
export type StoredEvent = {
  readonly position: Position;
  readonly meta: Readonly<Record<string, string>>;
  readonly map: SeatMap;
  readonly holders: ReadonlyMap<number, Exclude<Holder, ''>>;
  readonly holds: ReadonlyMap<HoldId, HoldRecord>;
  readonly owned: ReadonlySet<string>;
  readonly due: ReadonlyMap<HoldId, number>;
  readonly ended: ReadonlyMap<HoldId, number>;
  readonly idem: ReadonlyMap<string, string>;
  readonly feed: readonly FeedEntry[];
};

export async function readStoredEvent(redis: Redis, event: EventId): Promise<StoredEvent> {
  const meta = await redis.hgetall(eventKey(event, 'meta'));
  const map = await redis.getBuffer(eventKey(event, 'map'));
  const seats = Object.entries(await redis.hgetall(eventKey(event, 'seats')));
  const holds = Object.entries(await redis.hgetall(eventKey(event, 'holds')));
  const idem = Object.entries(await redis.hgetall(eventKey(event, 'idem')));
  return {
    position: {
      epoch: meta['epoch'] ?? '0',
      offset: Number(meta['offset'] ?? 0),
      chain: meta['chain'] ?? GENESIS_CHAIN,
    },
    meta,
    map: new Uint8Array(map ?? []),
    holders: new Map(seats.map(([seat, holder]) => [Number(seat), takenHolder(holder)])),
    holds: new Map(holds.map(([id, line]) => [holdId(id), decodeHoldRecord(line)])),
    owned: new Set(await redis.zrange(eventKey(event, 'owned'), '0', '-1')),
    due: await readScores(redis, eventKey(event, 'due')),
    ended: await readScores(redis, eventKey(event, 'ended')),
    idem: new Map(idem),
    feed: await readFeed(redis, event),
  };
}

async function readScores(redis: Redis, key: string): Promise<Map<HoldId, number>> {
  const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES');
  const scores = new Map<HoldId, number>();
  for (let at = 0; at < flat.length; at += 2) {
    scores.set(holdId(flat[at] ?? ''), Number(flat[at + 1]));
  }
  return scores;
}

/** The first record kept may follow trimmed ones; its `prev` is then unknown and left ''. */
async function readFeed(redis: Redis, event: EventId): Promise<FeedEntry[]> {
  const records = await redis.xrange(eventKey(event, 'feed'), '-', '+');
  const entries: FeedEntry[] = [];
  for (const [id, fields] of records) {
    const offset = Number(id.slice(0, id.indexOf('-')));
    const prev = entries.at(-1)?.chain ?? (offset === 1 ? GENESIS_CHAIN : '');
    entries.push({ offset, prev, chain: fields[3] ?? '', line: fields[1] ?? '' });
  }
  return entries;
}

function takenHolder(text: string): Exclude<Holder, ''> {
  if (isHolder(text) && text !== '') return text;
  throw new TypeError(`not a holder: ${text}`);
}
