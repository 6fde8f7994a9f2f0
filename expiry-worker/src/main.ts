import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { createLiveEvents, createRedisHoldStore, createSeatLock } from '@holdfast/db/redis';
import {
  createRegistry,
  type Logger,
  openRedis,
  type RedisRole,
  readEvictedKeys,
  requireNoEviction,
  runMain,
  type Service,
  startAdminServer,
} from '@holdfast/infra/runtime';
import { createEmitter } from '@holdfast/realtime-hub/emitter';
import type { Redis } from 'ioredis';
import { createEvictionWatch } from './eviction-watch.ts';
import { createExpiryWorker } from './expiry-worker.ts';
import { createWorkerLockMisses } from './worker-metrics.ts';

/** The expiry worker as a process: opens the connections, runs the worker, closes them in order. */
runMain('worker', async ({ settings, logger, ambient, announceReady }): Promise<Service> => {
  const { redisUrl, lockRedisUrls, host, adminPort } = settings;
  const connections = openConnections(logger);
  const commands = await connections.open(redisUrl, 'commands', 'commands');
  await requireNoEviction(commands, logger);
  const notices = await connections.open(redisUrl, 'notices', 'subscriber');
  const bus = await connections.open(redisUrl, 'bus', 'subscriber');
  const locks = await Promise.all(
    lockRedisUrls.map((url, at) => connections.open(url, `lock-${at}`, 'lock')),
  );
  const catalogue = await openSqliteCatalogue(settings.catalogueFile);
  const registry = createRegistry('worker');
  const emitter = createEmitter({ publisher: commands, subscriber: bus, ambient, logger });
  const clients = locks.length === 0 ? [commands] : locks;
  const onMissed = createWorkerLockMisses(registry);
  const worker = createExpiryWorker({
    ...{ ambient, catalogue, logger, registry },
    store: createRedisHoldStore({ redis: commands }),
    hints: createLiveEvents(commands),
    lock: createSeatLock({ clients, ambient, onMissed }),
    announcer: emitter,
    subscriber: notices,
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
  const opened: Redis[] = [];
  return {
    open: async (url: string, name: string, role: RedisRole): Promise<Redis> => {
      const redis = await openRedis(url, { name: `worker-${name}`, role, logger });
      opened.push(redis);
      return redis;
    },
    close: (): void => {
      for (const redis of opened) redis.disconnect();
    },
  };
}
