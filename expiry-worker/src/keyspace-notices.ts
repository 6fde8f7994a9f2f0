import { type EventId, eventOfHold, isHoldId, type Timers } from '@holdfast/db/model';
import { keepSubscribed, withinLimit } from '@holdfast/infra/runtime';

/**
 * The trigger that is fastest and least sure: Redis tells when an alarm key expires. It tells each
 * subscriber once, late under load, and nobody who is not connected at that moment; so it is only
 * a hint, and after every (re)subscription all live events are looked at. In a cluster each primary
 * tells of its own keys only, so each is listened to; one that came with a failover is subscribed to
 * as soon as it is known.
 *
 * The channel carries every expired key of the database. Keys of other kinds are dropped by form,
 * and what one tick brings is folded into one question an event.
 */
export type KeyspaceNotices = {
  start(): void;
  stop(): Promise<void>;
};

/** Connections of its own, one to each primary; `RedisSubscribers` has this. */
export type NoticeSubscribers = {
  current(): readonly NoticeSubscriber[];
  /** Called when there may be others. Gives the way to end it. */
  onLook(listener: () => void): () => void;
};

/** What is asked of one connection; a client of ioredis has it. */
export type NoticeSubscriber = {
  readonly options: { readonly db?: number | undefined };
  readonly status: string;
  on: Listening;
  off: Listening;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  disconnect(reconnect: boolean): void;
};

type Listening = {
  (name: 'message', listener: (channel: string, key: string) => void): unknown;
  (name: 'ready', listener: () => void): unknown;
};

export type KeyspaceNoticesParts = {
  readonly subscribers: NoticeSubscribers;
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
  const { subscribers, timers, onDue, onSubscribed, onTrouble } = parts;
  const ends = new Map<NoticeSubscriber, () => void>();
  const folded = new Set<EventId>();
  let stopped = false;

  const flush = (): void => {
    const events = [...folded];
    folded.clear();
    if (stopped) return;
    for (const event of events) onDue(event);
  };
  const hear = (_channel: string, key: string): void => {
    const event = eventOfAlarmKey(key);
    if (event === null) return;
    if (folded.size === 0) timers.after(0, flush);
    folded.add(event);
  };
  const listen = (redis: NoticeSubscriber): void => {
    redis.on('message', hear);
    const end = keepSubscribed(
      redis,
      async () => {
        await redis.subscribe(expiredChannel(redis));
        if (!stopped) onSubscribed();
      },
      onTrouble,
    );
    ends.set(redis, () => {
      redis.off('message', hear);
      end();
      ends.delete(redis);
    });
  };
  const look = (): void => {
    const current = subscribers.current();
    for (const [redis, end] of ends) if (!current.includes(redis)) end();
    for (const redis of current) if (!ends.has(redis)) listen(redis);
  };
  let endLooks = (): void => undefined;

  return {
    start: () => {
      endLooks = subscribers.onLook(look);
      look();
    },
    stop: async () => {
      stopped = true;
      endLooks();
      // A connection may be away; all are closed after this in any case.
      const ready = [...ends.keys()].filter(({ status }) => status === 'ready');
      for (const end of ends.values()) end();
      const left = ready.map((redis) => redis.unsubscribe(expiredChannel(redis)));
      await withinLimit(timers, STOP_LIMIT_MS, Promise.all(left)).catch(onTrouble);
    },
  };
}

/** Every expired key of the database; a cluster has but one. */
function expiredChannel({ options }: NoticeSubscriber): string {
  return `__keyevent@${options.db ?? 0}__:expired`;
}
