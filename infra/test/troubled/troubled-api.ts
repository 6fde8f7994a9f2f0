import { createBookingApi, createProjectedSeats } from '@holdfast/booking-api/testing';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { type Ambient, sleep } from '@holdfast/db/model';
import {
  createLiveEvents,
  createRedisHoldStore,
  createSeatLock,
  type SeatLock,
} from '@holdfast/db/redis';
import {
  createRegistry,
  createTokenIssuer,
  createTokenVerifier,
  type Logger,
  openRedis,
  openSubscribers,
  runMain,
  type Service,
  startAdminServer,
  UNCOUNTED_NETWORKS,
} from '@holdfast/infra/runtime';
import { createEmitter } from '@holdfast/realtime-hub/emitter';
import { createReader } from '@holdfast/realtime-hub/projection';
import { BLOCK_MS, BLOCK_SEATS, BLOCKING, PAUSE_POINT, PAUSE_SEATS } from './trouble-words.ts';

/** Long enough for a test to see the word and stop this process, shorter than the lock lives. */
const POINT_MS = 500;

/**
 * The real lock, but between lock and write a process that holds certain seats says so and waits to
 * be stopped, and for certain others does nothing but count, as a huge regular expression would.
 */
function troubled(lock: SeatLock, { timers, clock }: Ambient, logger: Logger): SeatLock {
  const trouble = async (seats: string): Promise<void> => {
    if (seats === `${PAUSE_SEATS}`) {
      logger.info(PAUSE_POINT);
      await sleep(timers, POINT_MS);
    }
    if (seats === `${BLOCK_SEATS}`) {
      logger.info(BLOCKING);
      await sleep(timers, POINT_MS);
      const endMs = clock.monotonicMs() + BLOCK_MS;
      while (clock.monotonicMs() < endMs);
    }
  };
  return {
    ...lock,
    withSeats: (event, seats, task) =>
      lock.withSeats(event, seats, async () => {
        await trouble(`${seats}`);
        return task();
      }),
  };
}

/** A booking API that is the real one in all but its lock. */
runMain('api', async ({ settings, logger, ambient, announceReady }): Promise<Service> => {
  const { redisUrl, host, adminPort } = settings;
  const redis = await openRedis(redisUrl, { name: 'troubled-api', role: 'commands', logger });
  const subscribers = await openSubscribers(redisUrl, redis, { name: 'troubled-news', logger });
  const registry = createRegistry('api');
  const catalogue = await openSqliteCatalogue(settings.catalogueFile);
  const store = createRedisHoldStore({ redis });
  const live = createLiveEvents(redis);
  const emitter = createEmitter({ publisher: redis, subscribers, ambient, logger });
  const reader = createReader({
    ...{ store, ambient },
    onLoading: (event) => void live.add(event),
    onFailure: (err) => logger.warn({ err }, 'the seats could not be followed'),
  });
  emitter.onDelta((message) => reader.offer(message));
  const lock = createSeatLock({ clients: [redis], ambient, onMissed: () => undefined });
  const api = createBookingApi({
    ...{ store, live, catalogue, ambient, logger, registry, settings },
    lock: troubled(lock, ambient, logger),
    reader: createProjectedSeats(reader),
    announcer: emitter,
    verifier: createTokenVerifier(settings.signingKeysFile),
    issuer: createTokenIssuer(settings.signingKeysFile),
    networks: UNCOUNTED_NETWORKS,
    limiter: { spend: async () => ({ verdict: 'granted', retryAfterMs: 0, headers: {} }) },
  });
  const isReady = (): boolean => redis.status === 'ready';
  const admin = await startAdminServer({ host, port: adminPort, isReady, registry, logger });
  return {
    run: async () => {
      await api.run();
      announceReady({ port: api.port(), adminPort: admin.port });
    },
    drain: () => api.drain(),
    stop: async () => {
      await api.stop();
      reader.stop();
      await emitter.stop();
      await admin.stop();
      await catalogue.close();
      redis.disconnect();
      subscribers.close();
    },
  };
});
