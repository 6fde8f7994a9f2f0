import { type EventId, isEventId } from '../model/ids.ts';
import { LIVE_EVENTS_KEY } from './keys.ts';
import type { RedisConnection } from './redis-connection.ts';

/** Which events somebody uses: a hint for the worker, re-added by whoever meets an unloaded event. */
export type LiveEvents = {
  add(event: EventId): Promise<void>;
  list(): Promise<EventId[]>;
};

export function createLiveEvents(redis: RedisConnection): LiveEvents {
  return {
    add: async (event) => {
      await redis.sadd(LIVE_EVENTS_KEY, event);
    },
    list: async () => (await redis.smembers(LIVE_EVENTS_KEY)).filter(isEventId),
  };
}
