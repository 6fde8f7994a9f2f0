import { keepSubscribed } from '@holdfast/infra/runtime';
import type { Redis } from 'ioredis';

type Listener = (...values: unknown[]) => void;

/** The part of an ioredis client that the classic adapter uses for receiving. */
export type PatternSubscriber = {
  subscribe(channels: string[]): void;
  unsubscribe(channels: string[]): void;
  psubscribe(pattern: string): void;
  punsubscribe(pattern: string): void;
  on(name: string, listener: Listener): unknown;
  off(name: string, listener: Listener): unknown;
};

/** Channels and patterns on one connection, renewed after each reconnect while they are wanted. */
export function createPatternSubscriber(
  redis: Redis,
  onFailure: (error: unknown) => void,
): PatternSubscriber {
  const ends = new Map<string, () => void>();
  const keep = (name: string, subscribe: () => Promise<unknown>): void => {
    ends.get(name)?.();
    ends.set(name, keepSubscribed(redis, subscribe, onFailure));
  };
  const leave = (name: string, unsubscribe: () => Promise<unknown>): void => {
    ends.get(name)?.();
    ends.delete(name);
    // A connection that is gone has no subscriptions left; asking it would only wait for a time-out.
    if (redis.status === 'ready') unsubscribe().catch(onFailure);
  };
  return {
    subscribe: (channels) => keep(`${channels}`, () => redis.subscribe(...channels)),
    unsubscribe: (channels) => leave(`${channels}`, () => redis.unsubscribe(...channels)),
    psubscribe: (pattern) => keep(pattern, () => redis.psubscribe(pattern)),
    punsubscribe: (pattern) => leave(pattern, () => redis.punsubscribe(pattern)),
    on: (name, listener) => redis.on(name, listener),
    off: (name, listener) => redis.off(name, listener),
  };
}
