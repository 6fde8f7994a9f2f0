import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  createLiveEvents,
  createRedisHoldStore,
  createSeatLock,
  type LiveEvents,
  type RedisConnection,
} from '@holdfast/db/redis';
import {
  createNetworkHash,
  createRegistry,
  createTokenIssuer,
  createTokenVerifier,
  ensureSigningKeys,
  type MainContext,
  openRedis,
  openSubscribers,
  primariesOf,
  type RedisSubscribers,
  requireNoEviction,
  runMain,
  type Service,
  startAdminServer,
  UNCOUNTED_NETWORKS,
} from '@holdfast/infra/runtime';
import { createEmitter, type Emitter } from '@holdfast/realtime-hub/emitter';
import { createReader, type Reader, type ReaderOptions } from '@holdfast/realtime-hub/projection';
import { createApiMetrics } from './api-metrics.ts';
import { createRequestLimiter } from './edge/rate-limit.ts';
import { createProjectedSeats } from './events/projected-seats.ts';
import { createBookingApi } from './service.ts';

type Context = MainContext<'api'>;

/** Opens what the API works with, and closes it in the opposite order. */
async function buildApi(context: Context): Promise<Service> {
  const { settings, logger, ambient } = context;
  await ensureSigningKeys(settings.signingKeysFile);
  const clients = await openClients(context);
  await requireNoEviction(clients.commands, logger);
  const registry = createRegistry('api');
  const metrics = createApiMetrics(registry);
  const catalogue = await openSqliteCatalogue(settings.catalogueFile);
  const store = createRedisHoldStore({ redis: clients.commands });
  const live = createLiveEvents(clients.commands);
  const emitter = createEmitter({
    publisher: clients.commands,
    subscribers: clients.subscribers,
    ambient,
    logger,
  });
  const reader = followSeats(context, { store, live, emitter });
  metrics.watchReader(reader);
  const api = createBookingApi({
    store,
    live,
    catalogue,
    lock: createSeatLock({ clients: clients.locks, ambient, onMissed: metrics.lockMissed }),
    reader: createProjectedSeats(reader),
    announcer: emitter,
    verifier: createTokenVerifier(settings.signingKeysFile),
    issuer: createTokenIssuer(settings.signingKeysFile),
    limiter: createRequestLimiter({
      redis: clients.commands,
      timers: ambient.timers,
      rates: {
        addressPerSecond: settings.rateLimitPerSecond,
        ownerPerSecond: settings.holdRateLimitPerSecond,
      },
      logger,
    }),
    networks: settings.budgetsByAddress
      ? createNetworkHash(settings.signingKeysFile)
      : UNCOUNTED_NETWORKS,
    ambient,
    logger,
    registry,
    settings,
  });
  const admin = await startAdminServer({
    host: settings.host,
    port: settings.adminPort,
    isReady: async () => api.isServing() && (await answers(clients.commands)),
    registry,
    logger,
  });
  return {
    run: async () => {
      await api.run();
      context.announceReady({ port: api.port(), adminPort: admin.port });
    },
    drain: async () => {
      await api.drain();
      await emitter.drain();
    },
    stop: async () => {
      await api.stop();
      reader.stop();
      await emitter.stop();
      await admin.stop();
      await catalogue.close();
      clients.close();
    },
  };
}

/** This process's maps: fed by itself, by the news of others and by the store. */
function followSeats(
  { ambient, logger }: Context,
  parts: Pick<ReaderOptions, 'store'> & { readonly live: LiveEvents; readonly emitter: Emitter },
): Reader {
  const warn = (err: unknown): void => logger.warn({ err }, 'the seats could not be followed');
  const reader = createReader({
    store: parts.store,
    ambient,
    onLoading: (event) => void parts.live.add(event).catch(warn),
    onFailure: warn,
  });
  parts.emitter.onDelta((message) => reader.offer(message));
  return reader;
}

type Clients = {
  readonly commands: RedisConnection;
  readonly subscribers: RedisSubscribers;
  /** One for each independent lock server. */
  readonly locks: readonly RedisConnection[];
  close(): void;
};

async function openClients({ settings, logger }: Context): Promise<Clients> {
  const { redisUrl, lockRedisUrls } = settings;
  const [commands, ...locks] = await Promise.all([
    openRedis(redisUrl, { name: 'api', role: 'commands', logger }),
    ...lockRedisUrls.map((url) => openRedis(url, { name: 'api-locks', role: 'lock', logger })),
  ]);
  const subscribers = await openSubscribers(redisUrl, commands, { name: 'api-news', logger });
  return {
    commands,
    subscribers,
    locks: locks.length > 0 ? locks : [commands],
    close: () => {
      subscribers.close();
      for (const client of [commands, ...locks]) client.disconnect();
    },
  };
}

/** While one shard is away the events of the others are still served. */
async function answers(commands: RedisConnection): Promise<boolean> {
  const pings = primariesOf(commands).map((primary) => primary.ping());
  return (await Promise.any(pings).catch(() => null)) === 'PONG';
}

runMain('api', buildApi);
