import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { SeatState } from './seat-state.ts';

/**
 * The feed is the event's ledger: one record for each transition that changed a seat, written by
 * the script that changed it. `chain` hashes the whole feed up to a record, so two parties with
 * the same chain have seen the same history, and a Redis that came back older betrays itself.
 *
 * Line: `offset|verb|outcome|changes|holdId|ownerHash|actor|reason|requestId|traceId|redisMs`
 * Changes: `seat:before:after,...` where a holder is `-` (available), `h` or `b` (held or booked by
 * the hold this record names), `h=<id>` or `b=<id>` (by another), `x` (blocked).
 */
export type FeedRecord = {
  readonly offset: number;
  readonly verb: string;
  readonly outcome: string;
  readonly changes: readonly SeatChange[];
  /** '' where no hold is concerned (block, unblock, repair of a seat). */
  readonly holdId: string;
  /** First 16 hex digits of sha1(owner), or ''. */
  readonly ownerHash: string;
  readonly actor: string;
  readonly reason: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly redisMs: number;
};

export type SeatChange = { readonly seat: number; readonly before: string; readonly after: string };

/** A record as a script returns it and the stream stores it, with the chain before and after. */
export type FeedEntry = {
  readonly offset: number;
  readonly prev: string;
  readonly chain: string;
  readonly line: string;
};

const CHAIN_DIGITS = 16;
const FIELDS = 11;

export function decodeFeedRecord(line: string): FeedRecord {
  const fields = line.split('|');
  if (fields.length !== FIELDS) throw new TypeError(`a feed record has ${FIELDS} fields: ${line}`);
  const text = (at: number): string => fields[at] ?? '';
  return {
    offset: Number(text(0)),
    verb: text(1),
    outcome: text(2),
    changes: decodeChanges(text(3)),
    holdId: text(4),
    ownerHash: text(5),
    actor: text(6),
    reason: text(7),
    requestId: text(8),
    traceId: text(9),
    redisMs: Number(text(10)),
  };
}

export function decodeChanges(text: string): SeatChange[] {
  if (text === '') return [];
  return text.split(',').map((change) => {
    const [seat = '', before = '', after = ''] = change.split(':');
    return { seat: Number(seat), before, after };
  });
}

/** The two wire bits of a holder code. */
export function stateOfHolder(holder: string): SeatState {
  switch (holder[0]) {
    case 'h':
      return SeatState.held;
    case 'b':
      return SeatState.booked;
    case 'x':
      return SeatState.blocked;
    default:
      return SeatState.available;
  }
}

/** The chain after `line`: first 16 hex digits of sha1(previous chain + line). */
export function nextChain(prev: string, line: string): string {
  return sha1Hex(prev + line).slice(0, CHAIN_DIGITS);
}

/** What the feed says of an owner: enough to group by, not enough to name. */
export function ownerHash(owner: string): string {
  return sha1Hex(owner).slice(0, CHAIN_DIGITS);
}

function sha1Hex(text: string): string {
  return bytesToHex(sha1(utf8ToBytes(text)));
}
