import { z } from 'zod';
import type { FeedEntry } from '../model/feed-record.ts';
import { decodeHoldRecord, type HoldRecord } from '../model/hold-record.ts';
import { isHolder } from '../model/holder.ts';
import { type EventId, type HoldId, holdId } from '../model/ids.ts';
import type { BudgetLevel } from '../model/machine/event-state.ts';
import { GENESIS_CHAIN, type Position } from '../model/position.ts';
import type { Holder } from '../model/reply.ts';
import type { SeatMap } from '../model/seat-state.ts';
import { type EventKey, eventKey } from './keys.ts';
import type { RedisConnection } from './redis-connection.ts';

/**
 * Everything Redis keeps of one event at one instant, for audits and comparisons. Reads whole
 * collections and Redis serves nobody else meanwhile, so it is no call for a request path.
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
  readonly budgets: ReadonlyMap<string, BudgetLevel>;
};

/** One transaction: a hold that ended between two reads would look like a contradiction. */
export async function readStoredEvent(
  redis: RedisConnection,
  event: EventId,
): Promise<StoredEvent> {
  const key = (name: EventKey): string => eventKey(event, name);
  const replies = await redis
    .multi()
    .hgetall(key('meta'))
    .getBuffer(key('map'))
    .hgetall(key('seats'))
    .hgetall(key('holds'))
    .hgetall(key('idem'))
    .zrange(key('owned'), '0', '-1')
    .zrange(key('due'), '0', '-1', 'WITHSCORES')
    .zrange(key('ended'), '0', '-1', 'WITHSCORES')
    .xrange(key('feed'), '-', '+')
    .hgetall(key('budget'))
    .exec();
  const [meta, map, seats, holds, idem, owned, due, ended, feed, budgets] = transactionSchema.parse(
    (replies ?? []).map(([error, value]) => {
      if (error !== null) throw error;
      return value;
    }),
  );
  return {
    position: {
      epoch: meta['epoch'] ?? '0',
      offset: Number(meta['offset'] ?? 0),
      chain: meta['chain'] ?? GENESIS_CHAIN,
    },
    meta,
    map: new Uint8Array(map ?? []),
    holders: new Map(
      Object.entries(seats).map(([seat, holder]) => [Number(seat), takenHolder(holder)]),
    ),
    holds: new Map(Object.entries(holds).map(([id, line]) => [holdId(id), decodeHoldRecord(line)])),
    owned: new Set(owned),
    due: scoresOf(due),
    ended: scoresOf(ended),
    idem: new Map(Object.entries(idem)),
    feed: entriesOf(feed),
    budgets: new Map(Object.entries(budgets).map(([field, text]) => [field, levelOf(text)])),
  };
}

const hashSchema = z.record(z.string(), z.string());
const listSchema = z.array(z.string());

/** The replies in the order of the reads above. */
const transactionSchema = z.tuple([
  hashSchema,
  z.instanceof(Uint8Array).nullable(),
  hashSchema,
  hashSchema,
  hashSchema,
  listSchema,
  listSchema,
  listSchema,
  z.array(z.tuple([z.string(), listSchema])),
  hashSchema,
]);

function scoresOf(flat: readonly string[]): Map<HoldId, number> {
  const scores = new Map<HoldId, number>();
  for (let at = 0; at < flat.length; at += 2) {
    scores.set(holdId(flat[at] ?? ''), Number(flat[at + 1]));
  }
  return scores;
}

/** The first record kept may follow trimmed ones; its `prev` is then unknown and left ''. */
function entriesOf(records: readonly (readonly [string, readonly string[]])[]): FeedEntry[] {
  const entries: FeedEntry[] = [];
  for (const [id, fields] of records) {
    const offset = Number(id.slice(0, id.indexOf('-')));
    const prev = entries.at(-1)?.chain ?? (offset === 1 ? GENESIS_CHAIN : '');
    entries.push({ offset, prev, chain: fields[3] ?? '', line: fields[1] ?? '' });
  }
  return entries;
}

function levelOf(text: string): BudgetLevel {
  const [level, at] = text.split('|');
  return { levelMs: Number(level), atMs: Number(at) };
}

function takenHolder(text: string): Exclude<Holder, ''> {
  if (isHolder(text) && text !== '') return text;
  throw new TypeError(`not a holder: ${text}`);
}
