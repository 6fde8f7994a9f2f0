import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditEvent, type Finding, gatherEvidence } from '@holdfast/db/audit';
import { type Catalogue, openSqliteCatalogue } from '@holdfast/db/catalogue';
import { type Ambient, DEFAULT_POLICY, type EventId, type HoldStore } from '@holdfast/db/model';
import {
  createLiveEvents,
  createRedisHoldStore,
  eventKey,
  readStoredEvent,
} from '@holdfast/db/redis';
import { oneSubscriber, Registry, realAmbient } from '@holdfast/infra/runtime';
import { startTestRedis, type TestRedis } from '@holdfast/infra/testing';
import { Redis } from 'ioredis';
import { createExpiryWorker, type ExpiryWorker } from '../src/expiry-worker.ts';
import { type Announced, LOGGER, openLock, recordAnnounced, SEAT_COUNT, showOf } from './rig.ts';

/** A server, a catalogue and the workers that a test starts on them; all gone after `drop`. */
export type RedisRig = {
  readonly server: TestRedis;
  readonly redis: Redis;
  readonly store: HoldStore;
  readonly catalogue: Catalogue;
  readonly announced: Announced;
  /** A worker with connections of its own; it is drained and stopped by `drop`. */
  worker(parts?: { readonly ambient?: Ambient; readonly notices?: boolean }): ExpiryWorker;
  /** Catalogues the event and opens it with holds of `holdTtlMs`, shorter than a policy may be. */
  open(event: EventId, holdTtlMs: number, seatCount?: number): Promise<void>;
  audit(event: EventId): Promise<Finding[]>;
  drop(): Promise<void>;
};

/** A subscriber that was cut stays away this long: more than a short hold lasts. */
export const SUBSCRIBER_AWAY_MS = 900;

export async function createRedisRig(): Promise<RedisRig> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  const server = await startTestRedis();
  const clients: Redis[] = [];
  const opened = (client: Redis): Redis => {
    client.on('error', () => undefined); // tests cut connections; what matters is what comes after
    clients.push(client);
    return client;
  };
  const connect = (): Redis => opened(server.connect());
  const retryStrategy = (): number => SUBSCRIBER_AWAY_MS;
  const subscribe = (): Redis => opened(new Redis(server.url, { retryStrategy }));
  const redis = connect();
  const store = createRedisHoldStore({ redis });
  const announced = recordAnnounced();
  const workers: ExpiryWorker[] = [];
  return {
    ...{ server, redis, store, catalogue, announced },
    worker: ({ ambient = realAmbient(), notices = false } = {}) => {
      const own = connect();
      const worker = createExpiryWorker({
        ...{ ambient, catalogue, lock: openLock, announcer: announced, logger: LOGGER },
        store: createRedisHoldStore({ redis: own }),
        hints: createLiveEvents(own),
        subscribers: notices ? oneSubscriber(subscribe()) : null,
        registry: new Registry(),
      });
      workers.push(worker);
      return worker;
    },
    open: async (event, holdTtlMs, seats = SEAT_COUNT) => {
      const show = showOf({ id: event, seatCount: seats });
      await catalogue.createEvent(show);
      const { chartHash, seatCount, sale, version } = show;
      const policy = DEFAULT_POLICY;
      const token = 'test';
      await store.loadBegin(event, { token, chartHash, seatCount, sale, version, policy });
      await store.loadEnd(event, { token });
      // Past the scripts, which refuse such a policy: the test must not wait for the least one.
      await redis.hset(eventKey(event, 'meta'), 'holdTtlMs', holdTtlMs);
    },
    audit: async (event) =>
      auditEvent(gatherEvidence({ stored: await readStoredEvent(redis, event) })),
    drop: async () => {
      await Promise.all(workers.map((worker) => worker.drain()));
      await Promise.all(workers.map((worker) => worker.stop()));
      for (const client of clients) client.disconnect();
      await server.stop();
      await catalogue.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Real time without timers: only what is to happen at once happens, so nothing is ever looked at by itself. */
export function withoutTimers(ambient: Ambient): Ambient {
  const never = () => () => undefined;
  return {
    ...ambient,
    timers: {
      after: (delayMs, task) => (delayMs === 0 ? ambient.timers.after(0, task) : never()),
      every: never,
    },
  };
}

const UNTIL_PERIOD_MS = 10;
const UNTIL_LIMIT_MS = 10_000;

/** Resolves when `isTrue`; fails by name after `limitMs`. */
export async function until(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  limitMs = UNTIL_LIMIT_MS,
): Promise<void> {
  const lastAt = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > lastAt) throw new Error(`still not so after ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, UNTIL_PERIOD_MS));
  }
}
