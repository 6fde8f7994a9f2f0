import { type Catalogue, openSqliteCatalogue } from '@holdfast/db/catalogue';
import type { EventDocument, EventId, HoldStore } from '@holdfast/db/model';
import type { RedisConnection } from '@holdfast/db/redis';
import { createLiveEvents, createRedisHoldStore } from '@holdfast/db/redis';
import { createLogger, openRedis } from '@holdfast/infra/runtime';
import { startStack, type TestStack, type TestStackOptions } from '@holdfast/infra/testing';
import { until } from '../harness/bounded.ts';
import type { ReleaseStack } from '../harness/release-stack.ts';
import type { Venue } from './venue.ts';

/** The real services with connections of the benchmark's own, all given back by the release stack. */
export type BenchStack = {
  readonly stack: TestStack;
  readonly redis: RedisConnection;
  readonly redisPid: number;
  readonly store: HoldStore;
  readonly catalogue: Catalogue;
};

/** Wide enough that no limit is met: a benchmark must measure the work, not the refusal. */
const NO_LIMITS = {
  RATE_LIMIT_PER_SECOND: '1000000',
  HOLD_RATE_LIMIT_PER_SECOND: '1000000',
  SOCKETS_PER_ADDRESS_MAX: '100000',
  LOG_LEVEL: 'warn',
};
const LOADED_LIMIT_MS = 30_000;

/** Starts a stack with these shows and waits until the worker has loaded them. */
export async function startBenchStack(
  releases: ReleaseStack,
  parts: {
    readonly venue: Venue;
    readonly shows: readonly EventDocument[];
    readonly signal: AbortSignal;
    readonly options?: Omit<TestStackOptions, 'prepare'>;
  },
): Promise<BenchStack> {
  const { venue, shows, signal, options = {} } = parts;
  const stack = releases.add(
    await startStack({
      ...options,
      settings: { ...NO_LIMITS, ...options.settings },
      prepare: async (catalogue) => {
        await catalogue.storeChart(venue.chart);
        for (const show of shows) await catalogue.createEvent(show);
      },
    }),
    (running) => running.stop(),
  );
  const logger = createLogger('bench', 'silent');
  const redis = releases.add(
    await openRedis(stack.redisUrl, { name: 'bench', role: 'commands', logger }),
    (client) => client.disconnect(),
  );
  const catalogue = releases.add(await openSqliteCatalogue(stack.catalogueFile), (open) =>
    open.close(),
  );
  const store = createRedisHoldStore({ redis });
  const live = createLiveEvents(redis);
  for (const { id } of shows) await live.add(id);
  await untilLoaded(
    store,
    shows.map(({ id }) => id),
    signal,
  );
  return { stack, redis, redisPid: await pidOfRedis(redis), store, catalogue };
}

async function untilLoaded(
  store: HoldStore,
  events: readonly EventId[],
  signal: AbortSignal,
): Promise<void> {
  const loaded = async (): Promise<boolean> =>
    (await store.heads(events)).every((head) => head !== null);
  await until('the worker has loaded the events', loaded, { limitMs: LOADED_LIMIT_MS, signal });
}

/** The server's own process, which is not the one that guards it. */
export async function pidOfRedis(redis: RedisConnection): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1] ?? 0);
}
