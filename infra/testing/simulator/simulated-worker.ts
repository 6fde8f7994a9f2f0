import type { Catalogue } from '@holdfast/db/catalogue';
import {
  createExpiryWorker,
  type ExpiryWorker,
  type NoticeSubscriber,
} from '@holdfast/expiry-worker/testing';
import { createLogger, Registry } from '@holdfast/infra/runtime';
import type { LifeParts } from './server-process.ts';
import { createSimulatedLock } from './simulated-lock.ts';
import type { Life } from './simulated-process.ts';
import type { SimulatedStore } from './simulated-store.ts';
import type { World } from './world.ts';

const SILENT = createLogger('worker', 'silent');
const EXPIRED_CHANNEL = '__keyevent@0__:expired';

/** The expiry worker as it is, on a simulated store, bus, lock and clock. */
export function bootWorker(
  world: World,
  parts: LifeParts,
  on: { readonly store: SimulatedStore; readonly catalogue: Catalogue },
): ExpiryWorker {
  const { life, store, hints } = parts;
  const subscriber = createNoticeSubscriber(world, life, on.store);
  const worker = createExpiryWorker({
    store,
    hints,
    ambient: life.ambient,
    catalogue: on.catalogue,
    lock: createSimulatedLock(world, life),
    announcer: parts.joinBus({}),
    subscribers: {
      current: () => [subscriber],
      onLook: () => () => undefined,
    },
    logger: SILENT,
    registry: new Registry(),
  });
  worker.run().catch((error: unknown) => {
    throw new Error('a worker could not run', { cause: error });
  });
  return worker;
}

/** A connection for keyspace notices, as far as the worker uses it. */
function createNoticeSubscriber(world: World, life: Life, store: SimulatedStore): NoticeSubscriber {
  const messages = new Set<(channel: string, key: string) => void>();
  const readies = new Set<() => void>();
  let subscribed = false;
  store.alarms.listen((key) => {
    if (life.ended || !subscribed || !store.isUp) return;
    life.receive(world.time.nowMs + world.delayMs(), () => {
      for (const hear of messages) hear(EXPIRED_CHANNEL, key);
    });
  });
  store.onRestart(() => {
    subscribed = false;
    const backMs = world.time.nowMs + world.chance.between(RECONNECT_MS.least, RECONNECT_MS.most);
    const again = (): void => {
      if (store.isUp) for (const ready of readies) ready();
      else life.receive(world.time.nowMs + RECONNECT_MS.least, again);
    };
    life.receive(backMs, again);
  });
  // The two names have listeners of two forms; which one comes is told by the name.
  const set = (name: 'message' | 'ready'): Set<unknown> => (name === 'ready' ? readies : messages);
  return {
    options: { db: 0 },
    get status() {
      return store.isUp ? 'ready' : 'reconnecting';
    },
    on: (name: 'message' | 'ready', listener: unknown) => set(name).add(listener),
    off: (name: 'message' | 'ready', listener: unknown) => set(name).delete(listener),
    subscribe: async () => {
      subscribed = true;
    },
    unsubscribe: async () => {
      subscribed = false;
    },
    // Subscriptions of this store never fail while it is up.
    disconnect: () => undefined,
  };
}

const RECONNECT_MS = { least: 50, most: 1_000 } as const;
