import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { FrameLine, RequestLine } from './timeline.ts';

/** The lines of the services that a trace uses; both are written at level debug only. */
const requestLine = z.object({
  time: z.iso.datetime(),
  requestId: z.string(),
  route: z.string(),
  method: z.string(),
  status: z.number(),
  tookMs: z.number(),
});
const frameLine = z.object({
  time: z.iso.datetime(),
  msg: z.literal('frame sent'),
  event: z.string(),
  room: z.string(),
  prev: z.number(),
  offset: z.number(),
  sockets: z.number(),
});

/** The lines that a life needs: of its event, those with its request ids and its feed offsets. */
export type WantedLines = {
  readonly event: string;
  readonly requestIds: ReadonlySet<string>;
  readonly offsets: readonly number[];
};

export type FoundLines = { readonly requests: RequestLine[]; readonly frames: FrameLine[] };

/** `api-1.log`, and `api-1.log.1` for what was set aside when the file had grown. */
const LOG_FILE = /^(api|hub|worker)-\d+\.log(\.1)?$/;

/** Reads the log files of a data folder, oldest first; a folder without logs has no lines. */
export async function readLogs(folder: string, wanted: WantedLines): Promise<FoundLines> {
  const names = await readdir(folder).catch(() => []);
  const files = names
    .filter((name) => LOG_FILE.test(name))
    .sort()
    .reverse();
  const found: FoundLines = { requests: [], frames: [] };
  for (const name of files) {
    const service = basename(name).replace(/\.log(\.1)?$/, '');
    const lines = createInterface({ input: createReadStream(join(folder, name), 'utf8') });
    for await (const line of lines) takeLine(line, service, wanted, found);
  }
  found.frames.sort((a, b) => a.atMs - b.atMs);
  return found;
}

function takeLine(
  line: string,
  service: string,
  { event, requestIds, offsets }: WantedLines,
  found: FoundLines,
): void {
  // Parsing each line of megabytes would take long; these two words are in the lines that count.
  if (line.includes('"tookMs"')) {
    const read = requestLine.safeParse(parsed(line));
    if (!read.success || !requestIds.has(read.data.requestId)) return;
    const { time, ...facts } = read.data;
    found.requests.push({ ...facts, service, answeredAtMs: Date.parse(time) });
  } else if (line.includes('"frame sent"')) {
    const read = frameLine.safeParse(parsed(line));
    if (!read.success || read.data.event !== event) return;
    const { time, room, prev, offset, sockets } = read.data;
    if (!offsets.some((one) => one > prev && one <= offset)) return;
    found.frames.push({ atMs: Date.parse(time), service, room, prev, offset, sockets });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // the last line of a running service may be half written
  }
}
