import type { Redis } from 'ioredis';

/**
 * The Redis adapter sends and subscribes without looking at the promises it gets. While Redis is
 * away each of them would end the process as an unhandled rejection; what is lost on the bus is only
 * a hint, so here they are caught and told. `settled` waits for what is on its way.
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
  const watch = (work: Promise<unknown>): void => {
    const done = work.catch(onFailure).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  return {
    publisher: {
      publish: (channel, message) => watch(publisher.publish(channel, message)),
      on: (name, listener) => publisher.on(name, listener),
      off: (name, listener) => publisher.off(name, listener),
    },
    subscriber: {
      subscribe: (channels) => watch(subscriber.subscribe(...channels)),
      unsubscribe: (channels) => watch(subscriber.unsubscribe(...channels)),
      psubscribe: (pattern) => watch(subscriber.psubscribe(pattern)),
      punsubscribe: (pattern) => watch(subscriber.punsubscribe(pattern)),
      on: (name, listener) => subscriber.on(name, listener),
      off: (name, listener) => subscriber.off(name, listener),
    },
    settled: async () => {
      await Promise.all([...underWay]);
    },
  };
}
