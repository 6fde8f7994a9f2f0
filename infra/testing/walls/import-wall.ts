import { posix } from 'node:path';
import { whyClosed } from './doors.ts';
import { isCommandOfDb, isHarness, isTest, workspaceOf } from './places.ts';
import type { Breach, Import, SourceFile } from './source-file.ts';

/** `db` takes connections as arguments: it opens no socket and writes no log. */
const CLOSED_TO_DB =
  /^(node:(net|tls|dgram|dns|http|https|http2|child_process|cluster)|pino|koa|socket\.io)/;
/** A barrel hides who needs what; only a workspace's doors may gather. */
const DOOR_FILE = /(^|\/)door\.ts$/;

/** Imports go through doors, doors that are open to the importing file. */
export function importBreaches(file: SourceFile): Breach[] {
  return file.imports.flatMap((one) => {
    const message = why(file.path, one);
    return message === null ? [] : [{ path: file.path, line: one.line, message }];
  });
}

function why(path: string, one: Import): string | null {
  if (one.from.startsWith('@holdfast/')) return whyClosed(path, one.from);
  if (one.from.startsWith('.')) return whyRelativeIsClosed(path, one);
  if (isTest(path) || !path.startsWith('db/') || isCommandOfDb(path)) return null;
  if (CLOSED_TO_DB.test(one.from)) return `db opens no socket and writes no log: ${one.from}`;
  return null;
}

function whyRelativeIsClosed(path: string, one: Import): string | null {
  const target = posix.join(posix.dirname(path), one.from);
  if (workspaceOf(target) !== workspaceOf(path)) {
    return `${one.from} reaches into another workspace; use its door`;
  }
  if (one.isReExport && !DOOR_FILE.test(path)) return 'only a door.ts gathers exports';
  if (isTest(target) && !isHarness(path)) return `${one.from} is for tests`;
  return null;
}
