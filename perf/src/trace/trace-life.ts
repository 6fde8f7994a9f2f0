import { type Catalogue, openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  type EventId,
  eventOfHold,
  type FeedEntry,
  type FeedRecord,
  type HoldId,
} from '@holdfast/db/model';
import type { RedisConnection } from '@holdfast/db/redis';
import { createRedisHoldStore, readStoredEvent, type StoredEvent } from '@holdfast/db/redis';
import type { Subject } from './arguments.ts';
import { catalogueFileIn, logsFolderIn } from './data-folder.ts';
import { findSeat, labelsOf } from './find-seat.ts';
import { linesOf } from './print-timeline.ts';
import { readLogs, type WantedLines } from './read-logs.ts';
import { silencesOf } from './silences.ts';
import { recordsOfHold, recordsOfSeat, timelineOf } from './timeline.ts';
import { TraceError } from './trace-error.ts';

type Place = { readonly event: EventId; readonly hold: HoldId | null; readonly seat: number };

/** The printed life. Throws `TraceError` where there is nothing to print. */
export async function traceLife(
  redis: RedisConnection,
  { subject, dataFolder }: { readonly subject: Subject; readonly dataFolder: string },
): Promise<string[]> {
  const file = catalogueFileIn(dataFolder);
  const catalogue = file === null ? null : await openSqliteCatalogue(file);
  try {
    const place = await placeOf(subject, catalogue, dataFolder);
    const { event } = place;
    const store = createRedisHoldStore({ redis });
    const [head] = await store.heads([event]);
    if (head === null || head === undefined) {
      const why = `Redis has no open state of event ${event}: it does not exist, is loading, or lives on another server (--data, --redis).`;
      throw new TraceError('trace.unknown-event', why);
    }
    const stored = await readStoredEvent(redis, event);
    const archived = (await catalogue?.readFeed(event, stored.position.epoch)) ?? [];
    const entries = joined(archived, stored.feed);
    const records =
      place.hold === null ? recordsOfSeat(entries, place.seat) : recordsOfHold(entries, place.hold);
    if (records.length === 0) throw nothingOf(subject, event);
    const document = (await catalogue?.readEvent(event)) ?? null;
    const labels =
      catalogue === null || document === null ? [] : await labelsOf(catalogue, document);
    const wanted = wantedLines(event, records);
    const logs = await readLogs(logsFolderIn(dataFolder), wanted);
    const labelOf = (seat: number): string => labels[seat] ?? `seat ${seat}`;
    return [
      headline(subject, event, document?.name ?? ''),
      nowLine(stored, place, labelOf),
      '',
      ...linesOf(timelineOf({ records, ...logs, labelOf })),
      ...silencesOf(wanted, logs),
    ];
  } finally {
    await catalogue?.close();
  }
}

async function placeOf(
  subject: Subject,
  catalogue: Catalogue | null,
  dataFolder: string,
): Promise<Place> {
  if (subject.kind === 'hold') {
    return { event: eventOfHold(subject.hold), hold: subject.hold, seat: -1 };
  }
  if (catalogue === null) {
    const why = `Seats are found by their labels in the catalogue, and ${dataFolder} has none; name the data folder with --data, or trace a hold by its id.`;
    throw new TraceError('trace.unknown-seat', why);
  }
  return { ...(await findSeat(catalogue, subject.label, subject.event)), hold: null };
}

/** The archive and the feed overlap; of an offset both have, the archive's record is the same. */
function joined(archived: readonly FeedEntry[], feed: readonly FeedEntry[]): FeedEntry[] {
  const end = archived.at(-1)?.offset ?? 0;
  return [...archived, ...feed.filter(({ offset }) => offset > end)];
}

function nothingOf(subject: Subject, event: EventId): TraceError {
  const why =
    subject.kind === 'hold'
      ? `No record of event ${event} names hold ${subject.hold}: it was never placed in this life of the event.`
      : `Nothing ever happened to seat "${subject.label}" of event ${event} in this life of the event: it is as it was loaded.`;
  return new TraceError('trace.nothing', why);
}

function wantedLines(event: EventId, records: readonly FeedRecord[]): WantedLines {
  const requestIds = new Set(records.map(({ requestId }) => requestId).filter((id) => id !== ''));
  return { event, requestIds, offsets: records.map(({ offset }) => offset) };
}

function headline(subject: Subject, event: EventId, name: string): string {
  const what = subject.kind === 'hold' ? `Hold ${subject.hold}` : `Seat ${subject.label}`;
  return `${what} at ${event}${name === '' ? '' : ` (${name})`}`;
}

function nowLine(stored: StoredEvent, place: Place, labelOf: (seat: number) => string): string {
  if (place.hold === null) {
    const holder = stored.holders.get(place.seat);
    if (holder === undefined) return 'Now: free';
    return holder === 'x'
      ? 'Now: blocked'
      : `Now: ${holder[0] === 'b' ? 'booked' : 'held'} by ${holder.slice(2)}`;
  }
  const hold = stored.holds.get(place.hold);
  if (hold === undefined) return 'Now: ended, and its record is trimmed';
  const seats = hold.seats.map(labelOf).join(', ');
  const deadline = new Date(hold.deadlineMs).toISOString();
  return `Now: ${hold.status}, rev ${hold.rev}, ${hold.extensions} extensions, deadline ${deadline}, seats ${seats}`;
}
