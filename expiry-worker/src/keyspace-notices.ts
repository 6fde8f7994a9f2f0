import { type EventId, eventOfHold, isHoldId, type Timers } from '@holdfast/db/model';
import { withinLimit } from '@holdfast/infra/runtime';
import type { Redis } from 'ioredis';

/**
 * The trigger that is fastest and least sure: Redis tells when an alarm key expires. It tells each
 * subscriber once, late under load, and nobody who is not connected at that moment; so it is only
 * a hint, and after every (re)subscription all live events are looked at.
 *
 * The channel carries every expired key of the database. Keys of other kinds are dropped by form,
 * and what one tick brings is folded into one question an event.
 */
export type KeyspaceNotices = {
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type KeyspaceNoticesParts = {
  /** A connection of its own: one that has subscribed takes no other commands. */
  readonly subscriber: Redis;
  readonly timers: Timers;
  readonly onDue: (event: EventId) => void;
  /** Notices may have been missed until now. */
  readonly onSubscribed: () => void;
  readonly onTrouble: (error: unknown) => void;
};

const STOP_LIMIT_MS = 1_000;
const ALARM_KEY_PATTERN = /^\{([a-z0-9-]{1,40})\}:alarm:(.{1,80})$/;

/** The event whose alarm key this is, or null for any other key. */
export function eventOfAlarmKey(key: string): EventId | null {
  const [, event, hold] = ALARM_KEY_PATTERN.exec(key) ?? [];
  if (hold === undefined || !isHoldId(hold) || eventOfHold(hold) !== event) return null;
  return eventOfHold(hold);
}

export function createKeyspaceNotices(parts: KeyspaceNoticesParts): KeyspaceNotices {
  const { subscriber, timers, onDue, onSubscribed, onTrouble } = parts;
  const channel = `__keyevent@${subscriber.options.db ?? 0}__:expired`;
  const folded = new Set<EventId>();
  let stopped = false;

  const flush = (): void => {
    const events = [...folded];
    folded.clear();
    if (stopped) return;
    for (const event of events) onDue(event);
  };
  const hear = (from: string, key: string): void => {
    const event = from === channel ? eventOfAlarmKey(key) : null;
    if (event === null) return;
    if (folded.size === 0) timers.after(0, flush);
    folded.add(event);
  };
  const subscribe = async (): Promise<void> => {
    try {
      await subscriber.subscribe(channel);
      if (!stopped) onSubscribed();
    } catch (error) {
      // The connection broke again meanwhile: its next `ready` brings the next attempt.
      onTrouble(error);
    }
  };
  const again = (): void => void subscribe();

  return {
    start: async () => {
      subscriber.on('message', hear);
      subscriber.on('ready', again);
      await subscribe();
    },
    stop: async () => {
      stopped = true;
      subscriber.off('message', hear);
      subscriber.off('ready', again);
      // The connection may be away; it is closed after this in any case.
      if (subscriber.status !== 'ready') return;
      await withinLimit(timers, STOP_LIMIT_MS, subscriber.unsubscribe(channel)).catch(onTrouble);
    },
  };
}
