import {
  type EventId,
  eventOfHold,
  type HoldId,
  isHoldId,
  SEATS_PER_HOLD_MAX,
} from '@holdfast/db/model';
import { isCount, isPlainObject } from './decoded.ts';

/**
 * What only the owner of a hold is told, on all of the owner's sockets. A notice is a hint: the
 * truth is `GET /v1/events/:e/holds`, which a client asks after any notice and after coming back.
 * - `hold.expired`: the deadline passed;
 * - `hold.lost`: seats went to a booking that was made before; `seats` are gone, `rev` is the
 *   hold's version now; 0 and no seats: the whole hold is forgotten, after Redis lost data;
 * - `hold.revoked`: an operator ended it.
 * The `booking.*` notices will join this union; they will carry a version, lower ones ignored.
 */
export type OwnerNotice =
  | (HoldNotice & { readonly kind: 'hold.expired' | 'hold.revoked' })
  | (HoldNotice & {
      readonly kind: 'hold.lost';
      readonly seats: readonly number[];
      readonly rev: number;
    });

type HoldNotice = {
  readonly hold: HoldId;
  /** Redis TIME (shifted) in ms at which it happened. */
  readonly atMs: number;
  /** W3C trace id of what caused it, or ''. */
  readonly traceId: string;
};

const TRACE_CHARS_MAX = 64;

/** The event a notice is about. */
export function eventOfNotice(notice: OwnerNotice): EventId {
  return eventOfHold(notice.hold);
}

/** Reads a notice; null for anything that is not one (also for kinds of a later version). */
export function readOwnerNotice(value: unknown): OwnerNotice | null {
  if (!isPlainObject(value)) return null;
  const { kind, hold, atMs, traceId, seats, rev } = value;
  if (typeof hold !== 'string' || !isHoldId(hold) || !isCount(atMs)) return null;
  if (typeof traceId !== 'string' || traceId.length > TRACE_CHARS_MAX) return null;
  if (kind === 'hold.expired' || kind === 'hold.revoked') return { kind, hold, atMs, traceId };
  if (kind !== 'hold.lost' || !isCount(rev) || !Array.isArray(seats)) return null;
  if (seats.length > SEATS_PER_HOLD_MAX) return null;
  const lost = seats.filter((seat) => isCount(seat));
  return lost.length === seats.length ? { kind, hold, atMs, traceId, seats: lost, rev } : null;
}
