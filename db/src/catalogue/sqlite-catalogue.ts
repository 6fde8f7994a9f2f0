import type { DatabaseSync } from 'node:sqlite';
import type { Chart, EventDocument, EventId, FeedEntry, Position } from '@holdfast/db/model';
import { chartHash, chartText } from '../charts/chart-text.ts';
import {
  type BlocksOutcome,
  type Catalogue,
  CatalogueError,
  type ChartOfEvent,
} from './catalogue.ts';
import {
  checkInput,
  epochSchema,
  eventDocumentSchema,
  feedRunSchema,
  parseStored,
  seatsSchema,
} from './documents.ts';
import { catalogueError, inTransaction, openSqliteFile } from './sqlite-file.ts';

/**
 * The catalogue in one SQLite file, for as long as there is no Cosmos DB beside it: a later form
 * stores the same documents there, and then this one goes. SQLite answers at once, so the promises
 * of the port cost nothing here; they are the port's, for the form that has to travel.
 */
export async function openSqliteCatalogue(file: string): Promise<Catalogue> {
  const database = await openSqliteFile(file);
  return new SqliteCatalogue(database, file);
}

class SqliteCatalogue implements Catalogue {
  readonly #database: DatabaseSync;
  readonly #file: string;

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
  }

  async listEvents(): Promise<EventDocument[]> {
    const bodies = this.#all('SELECT body FROM events ORDER BY id');
    const events = bodies.map((row) => storedEvent(row['body']));
    return events.sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
  }

  async readEvent(id: EventId): Promise<EventDocument | null> {
    const [row] = this.#all('SELECT body FROM events WHERE id = ?', id);
    return row === undefined ? null : storedEvent(row['body']);
  }

  async createEvent(event: EventDocument): Promise<'created' | 'exists'> {
    const document = checkInput(eventDocumentSchema, event, 'the event');
    const sql = 'INSERT INTO events (id, version, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
    const changes = this.#write(sql, document.id, document.version, JSON.stringify(document));
    return changes === 1 ? 'created' : 'exists';
  }

  async updateEvent(
    event: EventDocument,
    expectedVersion: number,
  ): Promise<'updated' | 'stale' | 'unknown' | 'blocked'> {
    const document = checkInput(eventDocumentSchema, event, 'the event');
    if (document.version !== expectedVersion + 1) {
      const message = `an event at version ${expectedVersion} is followed by version ${expectedVersion + 1}, not ${document.version}`;
      throw new CatalogueError('catalogue.invalid', message);
    }
    return this.#guard(() => inTransaction(this.#database, () => this.#replace(document)));
  }

  /** Blocks name seats by their index, so they and the chart change one after the other. */
  #replace(document: EventDocument): 'updated' | 'stale' | 'unknown' | 'blocked' {
    const { id, version } = document;
    const [row] = this.#all('SELECT body FROM events WHERE id = ?', id);
    if (row === undefined) return 'unknown';
    const stored = storedEvent(row['body']);
    if (stored.version !== version - 1) return 'stale';
    if (stored.chartHash !== document.chartHash) {
      if (this.#all('SELECT seat FROM blocks WHERE event = ? LIMIT 1', id).length > 0) {
        return 'blocked';
      }
    }
    const sql = 'UPDATE events SET version = ?, body = ? WHERE id = ?';
    this.#write(sql, version, JSON.stringify(document), id);
    return 'updated';
  }

  async storeChart(chart: Chart): Promise<{ hash: string; text: string }> {
    const text = chartText(chart);
    const hash = chartHash(text);
    this.#write('INSERT INTO charts (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING', hash, text);
    return { hash, text };
  }

  async readChartText(hash: string): Promise<string | null> {
    const [row] = this.#all('SELECT body FROM charts WHERE hash = ?', hash);
    if (row === undefined) return null;
    const text = String(row['body']);
    // Text was checked before it was stored, so text with the right hash needs no second parse here.
    if (chartHash(text) !== hash) {
      const message = `chart ${hash} in the catalogue is damaged; restore the file from a backup`;
      throw new CatalogueError('catalogue.corrupt', message);
    }
    return text;
  }

  async listBlocks(event: EventId): Promise<number[]> {
    const rows = this.#all('SELECT seat FROM blocks WHERE event = ? ORDER BY seat', event);
    return rows.map((row) => Number(row['seat']));
  }

  async addBlocks(on: ChartOfEvent, seats: readonly number[]): Promise<BlocksOutcome> {
    const sql = 'INSERT INTO blocks (event, seat) VALUES (?, ?) ON CONFLICT DO NOTHING';
    return this.#eachSeat(sql, on, seats);
  }

  async removeBlocks(on: ChartOfEvent, seats: readonly number[]): Promise<BlocksOutcome> {
    return this.#eachSeat('DELETE FROM blocks WHERE event = ? AND seat = ?', on, seats);
  }

  async appendFeed(event: EventId, epoch: string, entries: readonly FeedEntry[]): Promise<void> {
    if (entries.length === 0) return;
    checkInput(epochSchema, epoch, 'the epoch');
    const run = checkInput(feedRunSchema, entries, 'the feed');
    this.#guard(() => inTransaction(this.#database, () => this.#storeRun(event, epoch, run)));
  }

  #storeRun(event: EventId, epoch: string, run: readonly FeedEntry[]): void {
    const stored = this.#database.prepare(
      'SELECT body FROM feed WHERE event = ? AND epoch = ? AND first = ?',
    );
    let rest = run;
    for (let first = rest[0]; first !== undefined; first = rest[0]) {
      const row = stored.get(event, epoch, first.offset);
      if (row === undefined) break;
      const last = storedRun(row['body']).at(-1)?.offset ?? first.offset;
      rest = rest.filter((entry) => entry.offset > last);
    }
    if (rest[0] === undefined) return;
    this.#database
      .prepare('INSERT INTO feed (event, epoch, first, body) VALUES (?, ?, ?, ?)')
      .run(event, epoch, rest[0].offset, JSON.stringify(rest));
  }

  async readFeed(event: EventId, epoch: string): Promise<FeedEntry[]> {
    const sql = 'SELECT body FROM feed WHERE event = ? AND epoch = ? ORDER BY first';
    const entries: FeedEntry[] = [];
    for (const row of this.#all(sql, event, epoch)) {
      for (const entry of storedRun(row['body'])) {
        if (entry.offset > (entries.at(-1)?.offset ?? -1)) entries.push(entry);
      }
    }
    return entries;
  }

  async lastArchived(event: EventId): Promise<Position | null> {
    // Epochs are decimal numbers beyond 2^53, so the longer text is the younger epoch.
    const order = 'length(epoch) DESC, epoch DESC, first DESC';
    const sql = `SELECT epoch, body FROM feed WHERE event = ? ORDER BY ${order} LIMIT 1`;
    const [row] = this.#all(sql, event);
    const last = row === undefined ? undefined : storedRun(row['body']).at(-1);
    if (row === undefined || last === undefined) return null;
    return { epoch: String(row['epoch']), offset: last.offset, chain: last.chain };
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #eachSeat(sql: string, on: ChartOfEvent, seats: readonly number[]): BlocksOutcome {
    const checked = checkInput(seatsSchema, seats, 'the list of seats');
    return this.#guard(() =>
      inTransaction(this.#database, () => {
        const [row] = this.#all('SELECT body FROM events WHERE id = ?', on.event);
        if (row === undefined || storedEvent(row['body']).chartHash !== on.chartHash) {
          return 'other-chart';
        }
        const statement = this.#database.prepare(sql);
        for (const seat of checked) statement.run(on.event, seat);
        return 'stored';
      }),
    );
  }

  #all(sql: string, ...values: readonly (string | number)[]): Record<string, unknown>[] {
    return this.#guard(() => this.#database.prepare(sql).all(...values));
  }

  /** Runs one statement and tells how many documents it changed. */
  #write(sql: string, ...values: readonly (string | number)[]): number {
    return this.#guard(() => Number(this.#database.prepare(sql).run(...values).changes));
  }

  #guard<T>(task: () => T): T {
    try {
      return task();
    } catch (error) {
      throw catalogueError(error, this.#file);
    }
  }
}

function storedEvent(text: unknown): EventDocument {
  return parseStored(eventDocumentSchema, text, 'an event');
}

function storedRun(text: unknown): FeedEntry[] {
  return parseStored(feedRunSchema, text, 'a run of the feed');
}
