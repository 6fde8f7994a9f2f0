import type { Catalogue } from '@holdfast/db/catalogue';
import {
  type EventHead,
  type EventId,
  GENESIS_CHAIN,
  type HoldStore,
  type Position,
} from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';

/**
 * Keeps the feed in Redis short without losing a record: what is older than the newest
 * `FEED_KEPT_RECORDS` goes to the catalogue's archive in runs, then it is trimmed. Append first and
 * trim after, so a crash between the two archives the same run again, which is a no-op.
 *
 * Every worker does this. Runs start where the archive ends and have one length, so that workers
 * write the same runs under the same ids; the archive keeps the first.
 */
export type ArchiveFeed = (event: EventId, head: EventHead) => Promise<void>;

export type ArchiveFeedParts = {
  readonly store: Pick<HoldStore, 'catchUp' | 'trimFeed'>;
  readonly catalogue: Pick<Catalogue, 'appendFeed' | 'lastArchived'>;
  readonly logger: Logger;
  /** Tests keep fewer. */
  readonly keptRecords?: number;
};

/** Enough for readers that were away for minutes at 200 changes a second. */
export const FEED_KEPT_RECORDS = 20_000;
export const ARCHIVE_RUN_RECORDS = 1_000;

export function createArchiveFeed(parts: ArchiveFeedParts): ArchiveFeed {
  const keptRecords = parts.keptRecords ?? FEED_KEPT_RECORDS;

  // Asked anew each time: another worker may have archived, and trimmed, further than this one.
  const archivedEnd = async (event: EventId, { epoch }: Position): Promise<Position> => {
    const known = await parts.catalogue.lastArchived(event);
    // A renewed epoch keeps offset and chain; a loaded one starts from nothing, and says so below.
    return known === null ? startOf(epoch) : { ...known, epoch };
  };

  return async (event, { position }) => {
    let end = await archivedEnd(event, position);
    if (end.offset > position.offset) end = startOf(position.epoch);
    let lookedAgain = false;
    while (position.offset - keptRecords >= end.offset + ARCHIVE_RUN_RECORDS) {
      const reply = await parts.store.catchUp(event, { ...end, limit: ARCHIVE_RUN_RECORDS });
      if (reply.outcome === 'rewritten' && end.offset > 0) {
        end = startOf(position.epoch); // another life of the feed than the one archived before
        continue;
      }
      if (reply.outcome === 'trimmed' && !lookedAgain) {
        lookedAgain = true; // overtaken within this very round, perhaps
        end = await archivedEnd(event, position);
        continue;
      }
      if (reply.outcome !== 'entries') return tellGap(parts.logger, event, end, reply.outcome);
      const run = reply.entries.slice(0, ARCHIVE_RUN_RECORDS);
      const last = run.at(-1);
      if (last === undefined) return;
      await parts.catalogue.appendFeed(event, position.epoch, run);
      end = { epoch: position.epoch, offset: last.offset, chain: last.chain };
      // `catch_up` proves itself on the record it starts from, so the archive's last one stays.
      await parts.store.trimFeed(event, { beforeOffset: last.offset, epoch: position.epoch });
    }
  };
}

function startOf(epoch: string): Position {
  return { epoch, offset: 0, chain: GENESIS_CHAIN };
}

function tellGap(logger: Logger, event: EventId, end: Position, outcome: string): void {
  if (outcome === 'event.loading' || outcome === 'other-epoch') return; // the next round sees the new life
  const said = 'the feed has no record after the end of the archive; nothing is trimmed';
  logger.error({ event, offset: end.offset, outcome, code: 'archive.gap' }, said);
}
