import type { Chart, EventDocument, EventId, FeedEntry, Position } from '@holdfast/db/model';

/**
 * What must outlive Redis: events, the charts they are sold by, the seats an operator took out of
 * sale, and the archived feed. Every process of an installation opens the same catalogue; each call
 * is atomic by itself, and an event changes only by compare-and-set on its version, so two writers
 * never overwrite each other unseen.
 *
 * The form beside this file keeps the documents in one SQLite file. A later form stores the same
 * documents in Cosmos DB (`events` by id and ETag, `charts` by hash, blocks as seat markers, the
 * archive as `feed:<epoch>:<first offset>` in `logs`), which is why nothing here lists, joins or
 * locks beyond what one partition can answer.
 *
 * Failure: every method rejects with `CatalogueError`; a rejected write changed nothing.
 */
export interface Catalogue {
  /** All events, by start and then id. */
  listEvents(): Promise<EventDocument[]>;
  readEvent(id: EventId): Promise<EventDocument | null>;
  /** Create-only: an id that exists is left as it is. */
  createEvent(event: EventDocument): Promise<'created' | 'exists'>;
  /**
   * Stored only if the stored version is `expectedVersion`; the document carries the next one.
   * `blocked`: it names another chart, and seats of the present one are blocked by their index.
   */
  updateEvent(
    event: EventDocument,
    expectedVersion: number,
  ): Promise<'updated' | 'stale' | 'unknown' | 'blocked'>;
  /** Stores the text under its hash (idempotent; never changed afterwards) and returns both. */
  storeChart(chart: Chart): Promise<{ hash: string; text: string }>;
  /** The stored text, proved against its hash; parse it with `parseChart`. */
  readChartText(hash: string): Promise<string | null>;
  /** Seat indexes out of sale, ascending. */
  listBlocks(event: EventId): Promise<number[]>;
  addBlocks(on: ChartOfEvent, seats: readonly number[]): Promise<BlocksOutcome>;
  removeBlocks(on: ChartOfEvent, seats: readonly number[]): Promise<BlocksOutcome>;
  /**
   * Archives a run of the feed, offsets ascending. Its id is (event, epoch, first offset) and
   * create-only: what is stored under an id stays. Where a run repeats a stored one and goes on
   * beyond it, the rest is stored under its own first offset, so nothing is lost and nothing doubled.
   */
  appendFeed(event: EventId, epoch: string, entries: readonly FeedEntry[]): Promise<void>;
  /** The archive of one epoch by offset, each offset once. */
  readFeed(event: EventId, epoch: string): Promise<FeedEntry[]>;
  /** Where the archive of an event ends, whichever epoch that was in; null before its first run. */
  lastArchived(event: EventId): Promise<Position | null>;
  close(): Promise<void>;
}

/** The chart by which the caller counted its seats. */
export type ChartOfEvent = { readonly event: EventId; readonly chartHash: string };

/** `other-chart`: the event has another chart by now, or is unknown; nothing was stored. */
export type BlocksOutcome = 'stored' | 'other-chart';

export type CatalogueErrorCode =
  | 'catalogue.unavailable'
  | 'catalogue.busy'
  | 'catalogue.newer'
  | 'catalogue.corrupt'
  | 'catalogue.invalid';

/** The catalogue could not be read or written. `busy` passes by itself: try again. */
export class CatalogueError extends Error {
  readonly code: CatalogueErrorCode;

  constructor(code: CatalogueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CatalogueError';
    this.code = code;
  }
}
