import type { Random } from './ambient.ts';

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** `[a-z0-9-]{1,40}`; the hash tag of all Redis keys of the event. */
export type EventId = Branded<string, 'EventId'>;
/** `<eventId>.<22 base64url>`: 128 random bits, minted by the caller; becomes the booking id. */
export type HoldId = Branded<string, 'HoldId'>;
/** The subject that holds: `[A-Za-z0-9_-]{1,64}`, taken from a verified token only. */
export type OwnerId = Branded<string, 'OwnerId'>;

export const EVENT_ID_PATTERN = /^[a-z0-9-]{1,40}$/;
export const HOLD_ID_PATTERN = /^[a-z0-9-]{1,40}\.[A-Za-z0-9_-]{22}$/;
export const OWNER_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

const HOLD_ID_BYTES = 16;

export function isEventId(value: string): value is EventId {
  return EVENT_ID_PATTERN.test(value);
}

export function isHoldId(value: string): value is HoldId {
  return HOLD_ID_PATTERN.test(value);
}

export function isOwnerId(value: string): value is OwnerId {
  return OWNER_ID_PATTERN.test(value);
}

/** Brands a trusted or tested literal. Throws `TypeError` when the form is wrong. */
export function eventId(value: string): EventId {
  if (!isEventId(value)) throw new TypeError(`not an event id: ${JSON.stringify(value)}`);
  return value;
}

export function holdId(value: string): HoldId {
  if (!isHoldId(value)) throw new TypeError(`not a hold id: ${JSON.stringify(value)}`);
  return value;
}

export function ownerId(value: string): OwnerId {
  if (!isOwnerId(value)) throw new TypeError(`not an owner id: ${JSON.stringify(value)}`);
  return value;
}

/** The event a hold belongs to: the part before the dot. */
export function eventOfHold(id: HoldId): EventId {
  return eventId(id.slice(0, id.indexOf('.')));
}

/** A fresh hold id of 128 random bits. */
export function mintHoldId(event: EventId, random: Random): HoldId {
  return holdId(`${event}.${base64Url(random.bytes(HOLD_ID_BYTES))}`);
}

/** base64url without padding (RFC 4648 section 5), in the browser and in Node alike. */
export function base64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
