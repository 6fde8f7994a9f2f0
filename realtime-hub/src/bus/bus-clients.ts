import type { RedisConnection } from '@holdfast/db/redis';
import { isCluster, type RedisSubscribers } from '@holdfast/infra/runtime';
import { createPatternSubscriber, type PatternSubscriber } from './pattern-subscriber.ts';
import { createShardedSubscriber, type ShardedSubscriber } from './sharded-subscriber.ts';

/**
 * The connections of the bus. The Redis adapters send and subscribe without looking at the promises
 * they get. While Redis is away each of them would end the process as an unhandled rejection; what
 * is lost on the bus is only a hint, so here they are caught and told. `settled` waits for messages
 * that are on their way.
 *
 * On one server the bus is ordinary channels. In a cluster those would be passed on to every node,
 * so there it is two sharded channels, which live on the node that has their slot.
 */
export type BusClients = (
  | {
      readonly kind: 'channels';
      readonly publisher: Emits & { publish(channel: string, message: string | Buffer): void };
      readonly subscriber: PatternSubscriber;
    }
  | {
      readonly kind: 'shards';
      readonly publisher: {
        /** The adapter waits for it before it goes on, and gives up where it rejects. */
        spublish(channel: string, message: string | Buffer): Promise<void>;
      };
      readonly subscriber: ShardedSubscriber;
    }
) & { settled(): Promise<void> };

type Listener = (...values: unknown[]) => void;

/** What the adapter wants of any client. */
type Emits = {
  on(name: string, listener: Listener): unknown;
  off(name: string, listener: Listener): unknown;
};

export type BusParts = {
  readonly publisher: RedisConnection;
  readonly subscribers: RedisSubscribers;
  readonly onFailure: (error: unknown) => void;
};

export function createBusClients({ publisher, subscribers, onFailure }: BusParts): BusClients {
  const underWay = new Set<Promise<unknown>>();
  const send = async (work: Promise<unknown>): Promise<void> => {
    const done = work.catch(onFailure).finally(() => underWay.delete(done));
    underWay.add(done);
    await done;
  };
  const settled = async (): Promise<void> => {
    await Promise.all([...underWay]);
  };
  if (isCluster(publisher)) {
    return {
      kind: 'shards',
      publisher: { spublish: (channel, message) => send(publisher.spublish(channel, message)) },
      subscriber: createShardedSubscriber(subscribers, onFailure),
      settled,
    };
  }
  const [only] = subscribers.current();
  if (only === undefined) throw new TypeError('one server has one connection for subscriptions');
  return {
    kind: 'channels',
    publisher: {
      publish: (channel, message) => void send(publisher.publish(channel, message)),
      on: (name, listener) => publisher.on(name, listener),
      off: (name, listener) => publisher.off(name, listener),
    },
    subscriber: createPatternSubscriber(only, onFailure),
    settled,
  };
}
