import { type OwnerId, ownerId } from './ids.ts';
import { decodeQuote, encodeQuote, type Quote } from './quote.ts';

/** Live: `held`, `confirming`. The others are ends; a hold reaches exactly one of them (I3). */
export type HoldStatus =
  | 'held'
  | 'confirming'
  | 'booked'
  | 'released'
  | 'expired'
  | 'revoked'
  | 'rejected'
  | 'cancelled';

export const LIVE_STATUSES: readonly HoldStatus[] = ['held', 'confirming'];

export function isLive(status: HoldStatus): boolean {
  return status === 'held' || status === 'confirming';
}

/** An amend or extend that was done: a re-sent one is recognised and answered, not repeated. */
export type AppliedOp = {
  readonly opId: string;
  readonly bodyHash: string;
  /** The rev that it made. */
  readonly rev: number;
};

/** How many applied ops a record remembers. */
export const APPLIED_OPS_MAX = 4;

export type HoldRecord = {
  readonly owner: OwnerId;
  readonly status: HoldStatus;
  /** Redis TIME (shifted) in ms. */
  readonly deadlineMs: number;
  readonly rev: number;
  readonly extensions: number;
  readonly placedAtMs: number;
  /** Seat indexes, ascending. An ended hold keeps the seats it ended with. */
  readonly seats: readonly number[];
  readonly quote: Quote;
  /** The field of `{e}:idem` that names this hold, or ''. */
  readonly idemField: string;
  /** When `begin_confirm` ran, or 0. */
  readonly begunAtMs: number;
  /** When the command was noted as sent to the bus, or 0. */
  readonly sentAtMs: number;
  readonly ops: readonly AppliedOp[];
  /** Names the network that placed it without telling it; '' where addresses are not counted. */
  readonly addressHash: string;
  /** What it was charged to the budgets and did not get back, in seat-ms (`machine/budget.ts`). */
  readonly chargedMs: number;
};

/**
 * The one line that Redis keeps for a hold:
 * `owner|status|deadline|rev|extensions|placedAt|seats|quote|idemField|begunAt|sentAt|op:hash:rev;...|addressHash|charged`
 * `hold_record.lua` reads and writes the same line.
 */
export function encodeHoldRecord(record: HoldRecord): string {
  return [
    record.owner,
    record.status,
    record.deadlineMs,
    record.rev,
    record.extensions,
    record.placedAtMs,
    record.seats.join(','),
    encodeQuote(record.quote),
    record.idemField,
    record.begunAtMs,
    record.sentAtMs,
    record.ops.map((op) => `${op.opId}:${op.bodyHash}:${op.rev}`).join(';'),
    record.addressHash,
    record.chargedMs,
  ].join('|');
}

/** Lines that were written before there were budgets lack the last two. */
const FIELDS = 14;
const FIELDS_LEAST = 12;

/** Throws `TypeError` on a line that no script of ours wrote. */
export function decodeHoldRecord(line: string): HoldRecord {
  const fields = line.split('|');
  const [owner, status, deadline, rev, extensions, placedAt] = fields;
  const [seats, quote, idemField, begunAt, sentAt, ops, addressHash, charged] = fields.slice(6);
  const whole = fields.length === FIELDS || fields.length === FIELDS_LEAST;
  if (!whole || owner === undefined || status === undefined) {
    throw new TypeError(`a hold record has ${FIELDS} fields`);
  }
  return {
    owner: ownerId(owner),
    status: holdStatus(status),
    deadlineMs: Number(deadline),
    rev: Number(rev),
    extensions: Number(extensions),
    placedAtMs: Number(placedAt),
    seats: decodeSeatList(seats ?? ''),
    quote: decodeQuote(quote ?? ''),
    idemField: idemField ?? '',
    begunAtMs: Number(begunAt),
    sentAtMs: Number(sentAt),
    ops: (ops ?? '') === '' ? [] : (ops ?? '').split(';').map(decodeOp),
    addressHash: addressHash ?? '',
    chargedMs: Number(charged ?? 0),
  };
}

/** `1,2,3` as numbers; the empty string is the empty list. */
export function decodeSeatList(text: string): number[] {
  return text === '' ? [] : text.split(',').map(Number);
}

function decodeOp(text: string): AppliedOp {
  const [opId = '', bodyHash = '', rev = '0'] = text.split(':');
  return { opId, bodyHash, rev: Number(rev) };
}

const STATUSES: ReadonlySet<string> = new Set<HoldStatus>([
  'held',
  'confirming',
  'booked',
  'released',
  'expired',
  'revoked',
  'rejected',
  'cancelled',
]);

function holdStatus(text: string): HoldStatus {
  if (!STATUSES.has(text)) throw new TypeError(`not a hold status: ${text}`);
  // The set holds exactly the members of the union.
  return text as HoldStatus;
}
