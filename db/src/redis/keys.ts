import type { EventId, HoldId } from '../model/ids.ts';

/**
 * Every key of an event carries the hash tag `{eventId}`, so one script is atomic on one server and
 * on a cluster alike. All scripts get all of them in this order (plus the alarm key of their own
 * hold), so nothing a script touches is undeclared.
 */
export const EVENT_KEYS = [
  'meta',
  'map',
  'seats',
  'holds',
  'owned',
  'due',
  'ended',
  'idem',
  'feed',
  'budget',
] as const;

export type EventKey = (typeof EVENT_KEYS)[number];

export function eventKey(event: EventId, key: EventKey): string {
  return `{${event}}:${key}`;
}

export function eventKeys(event: EventId): string[] {
  return EVENT_KEYS.map((key) => eventKey(event, key));
}

/** The hold's short-TTL key: it carries nothing, its end wakes the worker. */
export function alarmKey(event: EventId, hold: HoldId): string {
  return `{${event}}:alarm:${hold}`;
}

export function seatLockKey(event: EventId, seat: number): string {
  return `{${event}}:lock:seat:${seat}`;
}

export function loadLockKey(event: EventId): string {
  return `{${event}}:lock:load`;
}

/** Ids of events with Redis state: a hint, in a slot of its own. */
export const LIVE_EVENTS_KEY = 'events:live';
