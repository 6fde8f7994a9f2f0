import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CatalogueError } from './catalogue.ts';

/**
 * One SQLite file shared by all processes: write-ahead log, so that readers never wait for writers;
 * writers take turns, each waiting at most `BUSY_TIMEOUT_MS` for the others. Several processes may
 * open a file that does not exist yet; the first one in lays it out and the others find it done.
 */

/** Writes here are single rows, so a wait this long means that something is wrong. */
const BUSY_TIMEOUT_MS = 5_000;
const LOG_ATTEMPTS_MAX = 50;
const LAYOUT_VERSION = 1;

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;
/** The low byte of an extended result code is its kind. */
const KIND_BITS = 0xff;

const LAYOUT = `
  CREATE TABLE events (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE charts (hash TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE blocks (
    event TEXT NOT NULL, seat INTEGER NOT NULL, PRIMARY KEY (event, seat)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE feed (
    event TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (event, epoch, first)
  ) STRICT;
  PRAGMA user_version = ${LAYOUT_VERSION};
`;

/** Opens or creates the file. Rejects with `CatalogueError`. */
export async function openSqliteFile(file: string): Promise<DatabaseSync> {
  const database = await connect(file);
  try {
    logAhead(database);
    database.exec('PRAGMA synchronous = NORMAL');
    inTransaction(database, () => layOut(database, file));
    return database;
  } catch (error) {
    database.close();
    throw catalogueError(error, file);
  }
}

async function connect(file: string): Promise<DatabaseSync> {
  try {
    await mkdir(dirname(file), { recursive: true });
    return new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw catalogueError(error, file);
  }
}

/**
 * The step from a fresh file to a write-ahead log wants the file alone. Two processes that both try
 * are refused at once instead of waiting for each other, hence the attempts.
 */
function logAhead(database: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteKind(error) !== SQLITE_BUSY || attempt === LOG_ATTEMPTS_MAX) throw error;
    }
  }
}

function layOut(database: DatabaseSync, file: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found === LAYOUT_VERSION) return;
  if (found > LAYOUT_VERSION) {
    throw new CatalogueError(
      'catalogue.newer',
      `${file} was written by a newer version of Holdfast; start that version, or another --data folder`,
    );
  }
  database.exec(LAYOUT);
}

/** Runs `task` as one write: all of it, or after a throw nothing. Takes the write lock first. */
export function inTransaction<T>(database: DatabaseSync, task: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = task();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** What SQLite threw, told in our words and kept as `cause`. */
export function catalogueError(error: unknown, file: string): CatalogueError {
  if (error instanceof CatalogueError) return error;
  const kind = sqliteKind(error);
  if (kind === SQLITE_BUSY) {
    const message = `${file} is being written by another process; try again`;
    return new CatalogueError('catalogue.busy', message, { cause: error });
  }
  if (kind === SQLITE_CORRUPT || kind === SQLITE_NOT_A_DATABASE) {
    const message = `${file} is not a Holdfast catalogue or is damaged; restore it or name another file`;
    return new CatalogueError('catalogue.corrupt', message, { cause: error });
  }
  const message = `${file} cannot be used as the catalogue; check that the folder exists and is writable`;
  return new CatalogueError('catalogue.unavailable', message, { cause: error });
}

function sqliteKind(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error)) return 0;
  return Number(error.errcode) & KIND_BITS;
}
