import type { EventId, OwnerId } from '@holdfast/db/model';
import type { Scope } from '../protocol/frame.ts';

/**
 * The only rooms there are. Owner ids and event ids come from outside, so the two kinds have
 * prefixes of their own: no id can name a room of the other kind.
 */
export function ownerRoom(owner: OwnerId): string {
  return `owner:${owner}`;
}

/** Frames and beats of the whole event, or of one section. */
export function seatsRoom(event: EventId, scope: Scope): string {
  return `event:${event}:${scope}`;
}

export function overviewRoom(event: EventId): string {
  return `event:${event}:overview`;
}

/** Everybody who watches anything of the event: sale state. */
export function eventRoom(event: EventId): string {
  return `event:${event}:sale`;
}
