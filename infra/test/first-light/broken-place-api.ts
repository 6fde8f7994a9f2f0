import { createBookingApi, createProjectedSeats } from '@holdfast/booking-api/testing';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  createLiveEvents,
  createRedisHoldStore,
  createSeatLock,
  readAllScripts,
  sourceOf,
} from '@holdfast/db/redis';
import {
  createRegistry,
  createTokenIssuer,
  createTokenVerifier,
  openRedis,
  openSubscribers,
  runMain,
  type Service,
  startAdminServer,
  UNCOUNTED_NETWORKS,
} from '@holdfast/infra/runtime';
import { createEmitter } from '@holdfast/realtime-hub/emitter';
import { createReader } from '@holdfast/realtime-hub/projection';

/** What `place` asks before it writes: is somebody else's live hold on one of the seats? */
const HOLDER_CHECK = "if alive then\n  return reply('seats.unavailable', '', '', taken)\nend";

/** The shipped scripts but for `place`, which does not look whose the seats are. */
function brokenScripts(): ReturnType<typeof readAllScripts> {
  const scripts = readAllScripts();
  const text = scripts.place.text.replace(HOLDER_CHECK, '');
  if (text === scripts.place.text) throw new Error('place.lua has no such holder check any more');
  return { ...scripts, place: sourceOf(text) };
}

/**
 * A booking API that sells seats twice: the real one in all but one script. It exists to show that
 * the audit sees such a defect from the outside, in what clients were told and in the feed.
 */
runMain('api', async ({ settings, logger, ambient, announceReady }): Promise<Service> => {
  const { redisUrl } = settings;
  const redis = await openRedis(redisUrl, { name: 'broken-api', role: 'commands', logger });
  const subscribers = await openSubscribers(redisUrl, redis, { name: 'broken-api-news', logger });
  const registry = createRegistry('api');
  const catalogue = await openSqliteCatalogue(settings.catalogueFile);
  const store = createRedisHoldStore({ redis, scripts: brokenScripts() });
  const live = createLiveEvents(redis);
  const emitter = createEmitter({ publisher: redis, subscribers, ambient, logger });
  const reader = createReader({
    ...{ store, ambient },
    onLoading: (event) => void live.add(event),
    onFailure: (err) => logger.warn({ err }, 'the seats could not be followed'),
  });
  emitter.onDelta((message) => reader.offer(message));
  const api = createBookingApi({
    ...{ store, live, catalogue, ambient, logger, registry, settings },
    lock: createSeatLock({ clients: [redis], ambient, onMissed: () => undefined }),
    // Without a map of its own it asks the broken script every time, as it must to be found out.
    reader: { ...createProjectedSeats(reader), peek: () => null },
    announcer: emitter,
    verifier: createTokenVerifier(settings.signingKeysFile),
    issuer: createTokenIssuer(settings.signingKeysFile),
    networks: UNCOUNTED_NETWORKS,
    limiter: { spend: async () => ({ verdict: 'granted', retryAfterMs: 0, headers: {} }) },
  });
  const { host, adminPort } = settings;
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
