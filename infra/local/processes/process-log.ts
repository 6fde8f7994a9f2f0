import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import { z } from 'zod';

/** What a child process printed: the last lines in memory, all of it in a file of bounded size. */
export type ProcessLog = {
  write(text: string): void;
  /** The newest lines, oldest first. */
  lines(): readonly string[];
  /** The newest sentence that explains a failure, or null. */
  lastFailure(): string | null;
  close(): void;
};

const LINES_KEPT = 1_000;
const LINE_LENGTH_MAX = 8_192;
/** At this size the file is set aside as `.1`, which replaces the one before. */
const FILE_BYTES_MAX = 8 * 1_024 * 1_024;

const logLine = z.object({ level: z.string(), msg: z.string() });
/** Where Node prints an error that nobody caught: `TypeError [CODE]: message`. */
const CRASH_LINE = /^(?:[A-Z]\w*)?Error(?: \[\w+\])?: /;
const FAILURE_LEVELS = new Set(['fatal', 'error']);

export function createProcessLog(file: string | null): ProcessLog {
  const kept: string[] = [];
  const target = file === null ? null : openRotatingFile(file);
  let rest = '';
  return {
    write: (text) => {
      target?.write(text);
      const parts = (rest + text).split('\n');
      rest = (parts.pop() ?? '').slice(0, LINE_LENGTH_MAX);
      for (const line of parts) kept.push(line.slice(0, LINE_LENGTH_MAX));
      if (kept.length > LINES_KEPT) kept.splice(0, kept.length - LINES_KEPT);
    },
    lines: () => (rest === '' ? [...kept] : [...kept, rest]),
    lastFailure: () => failureIn(rest === '' ? kept : [...kept, rest]),
    close: () => target?.close(),
  };
}

/**
 * A fatal or error line of our logger, else the name and message of a crash, else the last plain
 * text, such as a sentence about a setting.
 */
function failureIn(lines: readonly string[]): string | null {
  let plain: string | null = null;
  for (const line of lines.toReversed()) {
    const parsed = parseLogLine(line);
    if (parsed !== null && FAILURE_LEVELS.has(parsed.level)) return parsed.msg;
    if (parsed === null && CRASH_LINE.test(line)) return line.trim();
    if (parsed === null && plain === null && line.trim() !== '') plain = line.trim();
  }
  return plain;
}

function parseLogLine(line: string): z.output<typeof logLine> | null {
  if (!line.startsWith('{')) return null;
  try {
    return logLine.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function openRotatingFile(file: string): { write(text: string): void; close(): void } {
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  let stream = openStream(file);
  return {
    write: (text) => {
      size += Buffer.byteLength(text);
      stream.write(text);
      if (size < FILE_BYTES_MAX) return;
      stream.end();
      setAside(file);
      stream = openStream(file);
      size = 0;
    },
    close: () => stream.end(),
  };
}

/** Somebody may have removed the file meanwhile: that must not take the stack down either. */
function setAside(file: string): void {
  try {
    renameSync(file, `${file}.1`);
  } catch {
    // What cannot be set aside is written on to.
  }
}

function openStream(file: string): WriteStream {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  // A full disk must not take the stack down with it; the newest lines are in memory still.
  stream.on('error', () => undefined);
  return stream;
}
