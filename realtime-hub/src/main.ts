import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { createLiveEvents, createRedisHoldStore } from '@holdfast/db/redis';
import {
  createRegistry,
  createTokenVerifier,
  openRedis,
  openSubscribers,
  runMain,
  startAdminServer,
} from '@holdfast/infra/runtime';
import { createBusClients } from './bus/bus-clients.ts';
import { createHub } from './hub/hub-service.ts';

runMain('hub', async ({ settings, logger, ambient, announceReady }) => {
  const { redisUrl } = settings;
  const redis = await openRedis(redisUrl, { name: 'hub', role: 'commands', logger });
  const [subscribers, catalogue] = await Promise.all([
    openSubscribers(redisUrl, redis, { name: 'hub-bus', logger }),
    openSqliteCatalogue(settings.catalogueFile),
  ]);
  const liveEvents = createLiveEvents(redis);
  const registry = createRegistry('hub');
  const hub = createHub({
    store: createRedisHoldStore({ redis }),
    catalogue,
    bus: createBusClients({
      publisher: redis,
      subscribers,
      onFailure: (err) => logger.warn({ err }, 'trouble on the bus'),
    }),
    verifier: createTokenVerifier(settings.signingKeysFile),
    ambient,
    logger,
    registry,
    rules: settings,
    host: settings.host,
    port: settings.port,
    onLoading: (event) => {
      liveEvents
        .add(event)
        .catch((err: unknown) => logger.warn({ err, event }, 'could not ask for a loading'));
    },
  });
  let draining = false;
  const admin = await startAdminServer({
    host: settings.host,
    port: settings.adminPort,
    isReady: () => !draining && redis.status === 'ready' && subscribers.isReady(),
    registry,
    logger,
  });
  return {
    run: async () => {
      await hub.run();
      announceReady({ port: hub.port, adminPort: admin.port });
    },
    drain: () => {
      draining = true;
      return hub.drain();
    },
    stop: async () => {
      await hub.stop();
      await admin.stop();
      subscribers.close();
      redis.disconnect();
      await catalogue.close();
    },
  };
});
