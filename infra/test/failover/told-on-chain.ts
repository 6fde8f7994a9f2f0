import {
  auditEvent,
  type Finding,
  type GatheredParts,
  gatherEvidence,
  type Journal,
  type JournalEntry,
} from '@holdfast/db/audit';
import { decodeFeedRecord, type HoldId } from '@holdfast/db/model';
import type { StoredEvent } from '@holdfast/db/redis';

/**
 * A failover that forgets writes makes two histories out of one: what the old primary told until it
 * died, and what its successor knows of that and tells since. I1 holds along each; what one of them
 * gave to a shopper the other may give to another. So journals are judged twice.
 */
export type ToldBranches = {
  /** Everything that the old primary told, and what both share. */
  readonly untilDeath: Journal[];
  /** What the feed that lives on has of it, and everything since. */
  readonly onFeed: Journal[];
  readonly forgotten: Forgotten;
};

/** Answers of the old primary that its successor knows nothing of. */
export type Forgotten = {
  /** A place, an amend or an end: a record of the feed is gone. */
  readonly records: number;
  /** Only a deadline is gone, which no reader can notice: no epoch begins for that. */
  readonly extensions: number;
};

const ENDS: ReadonlySet<string> = new Set(['released', 'expired', 'revoked']);

/**
 * `diedMs`: the Redis time from which on the old primary surely told nothing any more; its successor
 * may have told something already. `shared`: the offset up to which both histories are one.
 */
export function toldBranches(
  journals: readonly Journal[],
  stored: StoredEvent,
  { diedMs, shared }: { readonly diedMs: number; readonly shared: number },
): ToldBranches {
  const chains = new Map(stored.feed.map(({ offset, chain }) => [offset, chain]));
  const ended = endsUntil(stored, diedMs);
  const forgotten = { records: 0, extensions: 0 };
  const whatIsForgotten = (entry: JournalEntry): keyof Forgotten | null => {
    if (entry.atMs > diedMs || entry.kind === 'unsettled') return null;
    if (entry.kind === 'ended') return ended.has(entry.hold) ? null : 'records';
    if (chains.get(entry.position.offset) !== entry.position.chain) return 'records';
    // An extension leaves no record and names the one before it, but no deadline ever goes back.
    const deadlineMs = stored.holds.get(entry.hold)?.deadlineMs ?? 0;
    return entry.deadlineMs > deadlineMs ? 'extensions' : null;
  };
  const onFeed = journals.map(({ client, entries }) => ({
    client,
    entries: entries.flatMap((entry): JournalEntry[] => {
      const what = whatIsForgotten(entry);
      if (what !== null) {
        forgotten[what] += 1;
        return [];
      }
      if (entry.kind !== 'held') return [entry];
      // One feed, so one chain: the epoch in between only told readers to load the map.
      const position = { ...entry.position, epoch: stored.position.epoch };
      return [{ ...entry, position }];
    }),
  }));
  const untilDeath = journals.map(({ client, entries }) => ({
    client,
    entries: entries.filter((entry) => {
      if (entry.kind !== 'held') return entry.atMs <= diedMs;
      const { offset, chain } = entry.position;
      const isOfSuccessor = offset > shared && chains.get(offset) === chain;
      return entry.atMs <= diedMs && !isOfSuccessor;
    }),
  }));
  return { untilDeath, onFeed, forgotten };
}

/** Both audits; of the dead primary's answers only what concerns nobody's feed: who was told a seat. */
export function auditBranches(
  branches: ToldBranches,
  known: Omit<GatheredParts, 'journals'>,
): Finding[] {
  const before = auditEvent(gatherEvidence({ ...known, journals: branches.untilDeath }));
  return [
    ...before.filter(({ code }) => code === 'told.overlap'),
    ...auditEvent(gatherEvidence({ ...known, journals: branches.onFeed })),
  ];
}

/** How far both histories are the same one. */
export function commonOffset(before: StoredEvent, after: StoredEvent): number {
  const chains = new Map(after.feed.map(({ offset, chain }) => [offset, chain]));
  const common = before.feed.filter(({ offset, chain }) => chains.get(offset) === chain);
  return common.at(-1)?.offset ?? 0;
}

function endsUntil({ feed }: StoredEvent, diedMs: number): Set<HoldId> {
  const records = feed.map(({ line }) => decodeFeedRecord(line));
  const ends = records.filter(({ outcome, redisMs }) => ENDS.has(outcome) && redisMs <= diedMs);
  return new Set(ends.map(({ holdId }) => holdId as HoldId)); // a record that ends names its hold
}
