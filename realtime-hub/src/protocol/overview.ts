import { type Decoded, isEpoch, readable, readCount, unreadable } from './decoded.ts';
import { MESSAGE_CHARS_MAX, PAYLOAD_SEATS_MAX, SECTIONS_MAX } from './limits.ts';

/**
 * How many seats of each section are available, once a second and without a chain: each overview
 * replaces the one before, so a lost one costs a second. Text: `epoch|offset|free,free,...`.
 */
export type Overview = {
  readonly epoch: string;
  readonly offset: number;
  /** Available seats of each section, in the chart's order. */
  readonly free: readonly number[];
};

const FIELDS = 3;

export function encodeOverview(overview: Overview): string {
  return `${overview.epoch}|${overview.offset}|${overview.free.join(',')}`;
}

export function decodeOverview(text: unknown): Decoded<Overview> {
  if (typeof text !== 'string' || text.length > MESSAGE_CHARS_MAX) return unreadable('no overview');
  const fields = text.split('|', FIELDS + 1);
  const epoch = fields[0];
  const offset = readCount(fields[1]);
  if (fields.length !== FIELDS || !isEpoch(epoch) || offset < 0) {
    return unreadable('head of the overview');
  }
  const texts = (fields[2] ?? '').split(',', SECTIONS_MAX + 1);
  const free = texts.map((count) => readCount(count, PAYLOAD_SEATS_MAX));
  if (free.length > SECTIONS_MAX || free.includes(-1)) return unreadable('counts of the overview');
  return readable({ epoch, offset, free });
}
