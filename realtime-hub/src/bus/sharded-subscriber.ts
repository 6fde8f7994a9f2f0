import { keepSubscribed, type RedisSubscribers } from '@holdfast/infra/runtime';
import type { Redis } from 'ioredis';

type Hear = (channel: Buffer, message: Buffer) => void;

/** The part of a cluster client that the sharded adapter uses for receiving. */
export type ShardedSubscriber = {
  ssubscribe(channel: string): void;
  sunsubscribe(channel: string): void;
  on(name: 'smessageBuffer', hear: Hear): void;
};

/**
 * Sharded channels wherever their slots are. Each primary is asked for each channel, again after
 * every look at the cluster: the one that has the slot takes the subscription (a second one changes
 * nothing), the others answer MOVED. So a failover, a slot that moves and a subscription that failed
 * are all mended by the next look, a second later; what was missed until then is in the feed.
 *
 * The cluster client's own sharded subscriptions are not used: one that it fails to renew is lost
 * without a word.
 */
export function createShardedSubscriber(
  subscribers: RedisSubscribers,
  onFailure: (error: unknown) => void,
): ShardedSubscriber {
  const channels = new Set<string>();
  const attached = new Set<Redis>();
  let listener: Hear = () => undefined;

  /** Whoever may publish here is trusted, but a stray message must not end a process. */
  const hear: Hear = (channel, message) => {
    try {
      listener(channel, message);
    } catch (error) {
      onFailure(error);
    }
  };
  const subscribeOn = (redis: Redis) => async (): Promise<void> => {
    await Promise.all([...channels].map((channel) => redis.ssubscribe(channel).catch(unlessMoved)));
  };
  const look = (): void => {
    const current = subscribers.current();
    for (const redis of attached) if (!current.includes(redis)) attached.delete(redis);
    for (const redis of current) {
      if (attached.has(redis)) {
        if (redis.status === 'ready') subscribeOn(redis)().catch(onFailure);
        continue;
      }
      attached.add(redis);
      redis.on('smessageBuffer', hear);
      keepSubscribed(redis, subscribeOn(redis), onFailure);
    }
  };
  subscribers.onLook(look);
  return {
    ssubscribe: (channel) => {
      channels.add(channel);
      look();
    },
    sunsubscribe: (channel) => {
      channels.delete(channel);
      for (const redis of attached) {
        if (redis.status === 'ready') redis.sunsubscribe(channel).catch(unlessMoved);
      }
    },
    on: (_, hears) => {
      listener = hears;
    },
  };
}

function unlessMoved(error: unknown): void {
  if (error instanceof Error && error.message.startsWith('MOVED ')) return;
  throw error;
}
