import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  createLiveEvents,
  createRedisHoldStore,
  createSeatLock,
  type RedisConnection,
} from '@holdfast/db/redis';
import {
  createRegistry,
  type Logger,
  openRedis,
  openSubscribers,
  type RedisRole,
  type RedisSubscribers,
  readEvictedKeys,
  requireNoEviction,
  runMain,
  type Service,
  startAdminServer,
} from '@holdfast/infra/runtime';
import { createEmitter } from '@holdfast/realtime-hub/emitter';
import { createEvictionWatch } from './eviction-watch.ts';
import { createExpiryWorker } from './expiry-worker.ts';
import { createWorkerLockMisses } from './worker-metrics.ts';

/** The expiry worker as a process: opens the connections, runs the worker, closes them in order. */
runMain('worker', async ({ settings, logger, ambient, announceReady }): Promise<Service> => {
  const { redisUrl, lockRedisUrls, host, adminPort } = settings;
  const connections = openConnections(logger);
  const commands = await connections.open(redisUrl, 'commands', 'commands');
  await requireNoEviction(commands, logger);
  const notices = await connections.subscribe(redisUrl, 'notices', commands);
  const bus = await connections.subscribe(redisUrl, 'bus', commands);
  const locks = await Promise.all(
    lockRedisUrls.map((url, at) => connections.open(url, `lock-${at}`, 'lock')),
  );
  const catalogue = await openSqliteCatalogue(settings.catalogueFile);
  const registry = createRegistry('worker');
  const emitter = createEmitter({ publisher: commands, subscribers: bus, ambient, logger });
  const clients = locks.length === 0 ? [commands] : locks;
  const onMissed = createWorkerLockMisses(registry);
  const worker = createExpiryWorker({
    ...{ ambient, catalogue, logger, registry },
    store: createRedisHoldStore({ redis: commands }),
    hints: createLiveEvents(commands),
    lock: createSeatLock({ clients, ambient, onMissed }),
    announcer: emitter,
    subscribers: notices,
  });
  const evictions = createEvictionWatch({
    read: () => readEvictedKeys(commands),
    ...{ ambient, logger, registry },
  });
  const admin = await startAdminServer({
    ...{ host, registry, logger },
    port: adminPort,
    isReady: worker.isReady,
  });
  return {
    run: async () => {
      await worker.run();
      evictions.start();
      announceReady({ port: 0, adminPort: admin.port });
    },
    drain: async () => {
      await worker.drain();
      await emitter.drain();
    },
    stop: async () => {
      evictions.stop();
      await worker.stop();
      await emitter.stop();
      await admin.stop();
      connections.close();
      await catalogue.close();
    },
  };
});

function openConnections(logger: Logger) {
  const closings: (() => void)[] = [];
  return {
    open: async (url: string, name: string, role: RedisRole): Promise<RedisConnection> => {
      const redis = await openRedis(url, { name: `worker-${name}`, role, logger });
      closings.push(() => redis.disconnect());
      return redis;
    },
    subscribe: async (
      url: string,
      name: string,
      commands: RedisConnection,
    ): Promise<RedisSubscribers> => {
      const parts = { name: `worker-${name}`, logger };
      const subscribers = await openSubscribers(url, commands, parts);
      closings.push(() => subscribers.close());
      return subscribers;
    },
    close: (): void => {
      for (const close of closings) close();
    },
  };
}
