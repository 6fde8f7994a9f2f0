import {
  decodeFeedRecord,
  type EventId,
  type FeedEntry,
  isEventId,
  type SeatState,
  stateOfHolder,
} from '@holdfast/db/model';

/**
 * What a process that changed seats tells all hubs and APIs at once: a hint, since the event's feed
 * is the truth. It may be lost, doubled or late; a reader applies an entry only if its previous
 * chain is the reader's own, and pulls what it missed from the feed.
 *
 * One ASCII string: `1|event|epoch|entry;entry;...`, an entry being `offset:prev:chain:changes`
 * with changes `seat.state,seat.state`. An empty `prev` stands for the chain of the entry before.
 */
export type Delta = {
  readonly event: EventId;
  readonly epoch: string;
  readonly entries: readonly DeltaEntry[];
};

export type DeltaEntry = {
  readonly offset: number;
  readonly prev: string;
  readonly chain: string;
  /** Parallel arrays: event-wide seat indexes and their states after the transition. */
  readonly seats: readonly number[];
  readonly states: readonly SeatState[];
};

const FORM = '1';
const FIELDS = 4;
/** A longer message is not read; the reader finds what it said in the feed. */
export const DELTA_CHARS_MAX = 512 * 1_024;
const ENTRIES_MAX = 10_000;
const EPOCH_PATTERN = /^[0-9]{1,20}$/;
const ENTRY_PATTERN = /^([0-9]{1,15}):([0-9a-f]{16})?:([0-9a-f]{16}):([0-9.,]*)$/;
const CHANGE_PATTERN = /^([0-9]{1,8})\.([0-3])$/;

/** A feed entry as a reader takes it. Throws `TypeError` on a line that no script of ours wrote. */
export function deltaEntry(entry: FeedEntry): DeltaEntry {
  const { changes } = decodeFeedRecord(entry.line);
  return {
    offset: entry.offset,
    prev: entry.prev,
    chain: entry.chain,
    seats: changes.map((change) => change.seat),
    states: changes.map((change) => stateOfHolder(change.after)),
  };
}

export function encodeDelta(delta: Delta): string {
  let entries = '';
  let last = '';
  for (const entry of delta.entries) {
    const prev = entry.prev === last ? '' : entry.prev;
    const changes = entry.seats.map((seat, at) => `${seat}.${entry.states[at] ?? 0}`).join(',');
    entries += `${entries === '' ? '' : ';'}${entry.offset}:${prev}:${entry.chain}:${changes}`;
    last = entry.chain;
  }
  return `${FORM}|${delta.event}|${delta.epoch}|${entries}`;
}

/** Reads a delta; null for anything that is not one. Never throws, whatever it is given. */
export function decodeDelta(text: unknown): Delta | null {
  if (typeof text !== 'string' || text.length > DELTA_CHARS_MAX) return null;
  const [form, event = '', epoch = '', body = '', ...more] = text.split('|', FIELDS + 1);
  if (form !== FORM || more.length > 0 || !isEventId(event) || !EPOCH_PATTERN.test(epoch)) {
    return null;
  }
  const texts = body === '' ? [] : body.split(';', ENTRIES_MAX + 1);
  if (texts.length > ENTRIES_MAX) return null;
  const entries: DeltaEntry[] = [];
  let last = '';
  for (const entryText of texts) {
    const entry = decodeEntry(entryText, last);
    if (entry === null) return null;
    last = entry.chain;
    entries.push(entry);
  }
  return { event, epoch, entries };
}

function decodeEntry(text: string, last: string): DeltaEntry | null {
  const match = ENTRY_PATTERN.exec(text);
  if (match === null) return null;
  const prev = match[2] ?? last;
  const chain = match[3];
  if (prev === '' || chain === undefined) return null;
  const seats: number[] = [];
  const states: SeatState[] = [];
  const changes = match[4] ?? '';
  for (const change of changes === '' ? [] : changes.split(',')) {
    const pair = CHANGE_PATTERN.exec(change);
    if (pair === null) return null;
    seats.push(Number(pair[1]));
    // The pattern lets only 0 to 3 through, the members of the union.
    states.push(Number(pair[2]) as SeatState);
  }
  return { offset: Number(match[1]), prev, chain, seats, states };
}
