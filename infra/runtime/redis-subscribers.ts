import type { RedisConnection } from '@holdfast/db/redis';
import type { Cluster, Redis } from 'ioredis';
import { type ClientParts, createNodeClient, openRedis } from './redis-client.ts';
import { isCluster, primariesOf } from './redis-primaries.ts';

/**
 * Connections for subscriptions, one to each primary: in a cluster every primary tells of its own
 * keys only, and a sharded channel lives on the one that has its slot. Primaries come and go with
 * failovers, and slots move; so who uses this looks again after each look at the cluster,
 * once a second, and subscribes where it has not. On one server nothing ever changes here, but
 * its connection may: `keepSubscribed`.
 */
export interface RedisSubscribers {
  current(): readonly Redis[];
  /** Called after each look at who the primaries are. Gives the way to end it. */
  onLook(listener: () => void): () => void;
  /** Whether anything can be heard at all. */
  isReady(): boolean;
  close(): void;
}

/**
 * Opens them for the server or cluster at `url` that `commands` is connected to. Waits for one
 * server to be ready, or throws `RedisUnreachableError`; the nodes of a cluster come by themselves.
 */
export async function openSubscribers(
  url: string,
  commands: RedisConnection,
  parts: Omit<ClientParts, 'role'>,
): Promise<RedisSubscribers> {
  const ofSubscriber = { ...parts, role: 'subscriber' } as const;
  if (isCluster(commands)) {
    return followPrimaries(commands, (node) => createNodeClient(node, url, ofSubscriber));
  }
  const redis = await openRedis(url, ofSubscriber);
  if (isCluster(redis)) throw new TypeError('commands and subscriptions need the same address');
  return oneSubscriber(redis);
}

/** The subscriptions of one server. */
export function oneSubscriber(redis: Redis): RedisSubscribers {
  return {
    current: () => [redis],
    onLook: () => () => undefined,
    isReady: () => redis.status === 'ready',
    close: () => redis.disconnect(),
  };
}

type HostPort = { readonly host: string; readonly port: number };

function followPrimaries(cluster: Cluster, create: (node: HostPort) => Redis): RedisSubscribers {
  const connections = new Map<string, Redis>();
  const listeners = new Set<() => void>();
  const look = (): void => {
    const primaries = new Map(primariesOf(cluster).map((node) => [nameOf(node), node.options]));
    // While the client itself is without any node, those of before are still the best guess.
    if (primaries.size === 0) return;
    for (const [name, redis] of connections) {
      if (primaries.has(name)) continue;
      redis.disconnect();
      connections.delete(name);
    }
    for (const [name, { host = '', port = 0 }] of primaries) {
      if (connections.has(name)) continue;
      const redis = create({ host, port });
      connections.set(name, redis);
      redis.connect().catch(() => undefined); // it goes on trying by itself
    }
    for (const listener of [...listeners]) listener();
  };
  // The cluster client emits the one after each look at the slots, the others in the midst of it.
  const lookSoon = (): void => void setImmediate(look);
  for (const name of ['refresh', '+node', '-node']) cluster.on(name, lookSoon);
  look();
  return {
    current: () => [...connections.values()],
    onLook: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isReady: () => [...connections.values()].some(({ status }) => status === 'ready'),
    close: () => {
      for (const name of ['refresh', '+node', '-node']) cluster.off(name, lookSoon);
      listeners.clear();
      for (const redis of connections.values()) redis.disconnect();
    },
  };
}

function nameOf({ options }: Redis): string {
  return `${options.host}:${options.port}`;
}
