import type { Redis } from 'ioredis';

/**
 * The Redis adapter sends and subscribes without looking at the promises it gets. While Redis is
 * away each of them would end the process as an unhandled rejection; what is lost on the bus is only
 * a hint, so here they are caught and told. `settled` waits for messages that are on their way.
 */
export type BusClients = {
  readonly publisher: BusPublisher;
  readonly subscriber: BusSubscriber;
  settled(): Promise<void>;
};

type Listener = (...values: unknown[]) => void;

/** The part of an ioredis client that the adapter uses for sending. */
type BusPublisher = {
  publish(channel: string, message: string | Buffer): void;
  on(name: string, listener: Listener): unknown;
  off(name: string, listener: Listener): unknown;
};

/** The part of an ioredis client that the adapter uses for receiving. */
type BusSubscriber = {
  subscribe(channels: string[]): void;
  unsubscribe(channels: string[]): void;
  psubscribe(pattern: string): void;
  punsubscribe(pattern: string): void;
  on(name: string, listener: Listener): unknown;
  off(name: string, listener: Listener): unknown;
};

export function createBusClients(parts: {
  readonly publisher: Redis;
  readonly subscriber: Redis;
  readonly onFailure: (error: unknown) => void;
}): BusClients {
  const { publisher, subscriber, onFailure } = parts;
  const underWay = new Set<Promise<unknown>>();
  const send = (work: Promise<unknown>): void => {
    const done = work.catch(onFailure).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  const listen = (work: Promise<unknown>): void => {
    work.catch(onFailure);
  };
  /** A connection that is gone has no subscriptions left; asking it would only wait for a time-out. */
  const leave = (ask: () => Promise<unknown>): void => {
    if (subscriber.status === 'ready') listen(ask());
  };
  return {
    publisher: {
      publish: (channel, message) => send(publisher.publish(channel, message)),
      on: (name, listener) => publisher.on(name, listener),
      off: (name, listener) => publisher.off(name, listener),
    },
    subscriber: {
      subscribe: (channels) => listen(subscriber.subscribe(...channels)),
      unsubscribe: (channels) => leave(() => subscriber.unsubscribe(...channels)),
      psubscribe: (pattern) => listen(subscriber.psubscribe(pattern)),
      punsubscribe: (pattern) => leave(() => subscriber.punsubscribe(pattern)),
      on: (name, listener) => subscriber.on(name, listener),
      off: (name, listener) => subscriber.off(name, listener),
    },
    settled: async () => {
      await Promise.all([...underWay]);
    },
  };
}
