import { createBookingApi, createProjectedSeats } from '@holdfast/booking-api/testing';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import type { Ambient } from '@holdfast/db/model';
import {
  createLiveEvents,
  createRedisHoldStore,
  createSeatLock,
  type RedisHoldStoreDeps,
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

/** What a test wires in another way; everything else is as the service has it. */
export type ApiWiring = {
  readonly scripts?: NonNullable<RedisHoldStoreDeps['scripts']>;
  /** Puts something around the lock. */
  readonly lock?: (lock: SeatLock, ambient: Ambient, logger: Logger) => SeatLock;
  /** Every place asks the scripts, as if this API had no map of its own. */
  readonly looksAtNoMap?: boolean;
};

/** Runs this process as a booking API that is the real one in all but its wiring. */
export function runWiredApi(wiring: ApiWiring): void {
  runMain('api', async ({ settings, logger, ambient, announceReady }): Promise<Service> => {
    const { redisUrl, host, adminPort } = settings;
    const redis = await openRedis(redisUrl, { name: 'wired-api', role: 'commands', logger });
    const subscribers = await openSubscribers(redisUrl, redis, { name: 'wired-news', logger });
    const registry = createRegistry('api');
    const catalogue = await openSqliteCatalogue(settings.catalogueFile);
    const { scripts } = wiring;
    const store = createRedisHoldStore({ redis, ...(scripts === undefined ? {} : { scripts }) });
    const live = createLiveEvents(redis);
    const emitter = createEmitter({ publisher: redis, subscribers, ambient, logger });
    const reader = createReader({
      ...{ store, ambient },
      onLoading: (event) => void live.add(event),
      onFailure: (err) => logger.warn({ err }, 'the seats could not be followed'),
    });
    emitter.onDelta((message) => reader.offer(message));
    const lock = createSeatLock({ clients: [redis], ambient, onMissed: () => undefined });
    const seats = createProjectedSeats(reader);
    const api = createBookingApi({
      ...{ store, live, catalogue, ambient, logger, registry, settings },
      lock: wiring.lock?.(lock, ambient, logger) ?? lock,
      reader: wiring.looksAtNoMap === true ? { ...seats, peek: () => null } : seats,
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
}
