import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalogue, openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  createModelHoldStore,
  DEFAULT_POLICY,
  type EventDocument,
  type EventId,
  eventId,
  type HoldStore,
  type OwnerId,
  type Policy,
  type SaleState,
} from '@holdfast/db/model';
import {
  createLogger,
  createNetworkHash,
  createRegistry,
  createTokenIssuer,
  createTokenVerifier,
  ensureSigningKeys,
  type Registry,
  realAmbient,
  type TokenIssuer,
} from '@holdfast/infra/runtime';
import { createReader } from '@holdfast/realtime-hub/projection';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { RequestLimiter } from '../src/edge/rate-limit.ts';
import { createProjectedSeats } from '../src/events/projected-seats.ts';
import { type BookingApi, type BookingApiDeps, createBookingApi } from '../src/service.ts';
import type { SeatLock } from '../src/use-cases/hold-parts.ts';
import { type CheckedClient, createCheckedClient } from './checked-client.ts';
import { smallChart } from './small-chart.ts';

/** A running API over a store of the test's choice, with everything around it real or recorded. */
export type ApiKit = {
  readonly store: HoldStore;
  readonly catalogue: Catalogue;
  readonly apis: readonly BookingApi[];
  readonly issuer: TokenIssuer;
  /** What was published and told to owners, by all APIs. */
  readonly news: News;
  /** Figures of each API. */
  readonly registries: readonly Registry[];
  /** Every log line. */
  readonly logs: string[];
  /** A client of API number `at` with every exchange held to the OpenAPI document. */
  client(token?: string | null, at?: number): CheckedClient;
  token(role?: 'shopper' | 'operator', subject?: string): Promise<string>;
  /** Adds an event with the small chart and loads it. */
  addEvent(changes?: EventChanges): Promise<EventDocument>;
  /** Loads an event as the worker would. */
  load(document: EventDocument): Promise<void>;
  stop(): Promise<void>;
};

export type EventChanges = {
  readonly id?: string;
  readonly sale?: SaleState;
  readonly policy?: Partial<Policy>;
  readonly loaded?: boolean;
};

export type News = {
  readonly published: { readonly event: EventId; readonly offsets: readonly number[] }[];
  readonly notices: { readonly owner: OwnerId; readonly notice: OwnerNotice }[];
  readonly live: EventId[];
};

type OwnPart = 'store' | 'lock' | 'limiter' | 'reader' | 'ambient';

export type KitOptions = {
  readonly store?: HoldStore;
  readonly apis?: number;
  /** Parts of API number `at` that are not the kit's own. */
  readonly perApi?: (at: number) => Partial<Pick<BookingApiDeps, OwnPart>>;
  /** Of all APIs; `NEVER_GRANTED` when left out. */
  readonly lock?: SeatLock;
  readonly settings?: Partial<BookingApiDeps['settings']>;
};

/** A lock that is never granted: the contract must hold without it. */
export const NEVER_GRANTED: SeatLock = { withSeats: (_event, _seats, task) => task() };

/** A limiter without limits. */
const UNLIMITED: RequestLimiter = {
  spend: async () => ({ verdict: 'granted', retryAfterMs: 0, headers: {} }),
};

export async function startApiKit(options: KitOptions = {}): Promise<ApiKit> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-api-'));
  const keysFile = join(folder, 'keys.json');
  await ensureSigningKeys(keysFile);
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  const store = options.store ?? createModelHoldStore({ nowMs: () => Date.now() });
  const issuer = createTokenIssuer(keysFile);
  const news: News = { published: [], notices: [], live: [] };
  const logs: string[] = [];
  const shared = { folder, keysFile, catalogue, store, issuer, news, logs, options };
  const running = Array.from({ length: options.apis ?? 1 }, (_, at) => buildApi(shared, at));
  await Promise.all(running.map(({ api }) => api.run()));
  const token: ApiKit['token'] = (role = 'shopper', subject = `${role}-1`) =>
    // Test subjects are written out here and have the form of an owner id.
    issuer.issue({ subject: subject as OwnerId, role, ttlSeconds: 600 });
  return {
    store,
    catalogue,
    apis: running.map(({ api }) => api),
    registries: running.map(({ registry }) => registry),
    issuer,
    news,
    logs,
    token,
    client: (given = null, at = 0) =>
      createCheckedClient(`http://127.0.0.1:${running[at]?.api.port() ?? 0}`, given),
    addEvent: (changes) => addEvent(shared, changes),
    load: (document) => loadEvent(store, document),
    stop: async () => {
      for (const { api, stopReader } of running) {
        stopReader();
        await api.stop();
      }
      await catalogue.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Shared = {
  readonly keysFile: string;
  readonly catalogue: Catalogue;
  readonly store: HoldStore;
  readonly issuer: TokenIssuer;
  readonly news: News;
  readonly logs: string[];
  readonly options: KitOptions;
};

type RunningApi = {
  readonly api: BookingApi;
  readonly registry: Registry;
  readonly stopReader: () => void;
};

function buildApi(shared: Shared, at: number): RunningApi {
  const { news, options } = shared;
  const given = options.perApi?.(at) ?? {};
  const store = given.store ?? shared.store;
  const ambient = given.ambient ?? realAmbient();
  const registry = createRegistry('api');
  const reader = createReader({ store, ambient });
  const api = createBookingApi({
    store,
    lock: given.lock ?? options.lock ?? NEVER_GRANTED,
    live: { add: async (event) => void news.live.push(event) },
    catalogue: shared.catalogue,
    reader: given.reader ?? createProjectedSeats(reader),
    announcer: {
      publish: (event, _epoch, entries) =>
        void news.published.push({ event, offsets: entries.map(({ offset }) => offset) }),
      notifyOwner: (owner, notice) => void news.notices.push({ owner, notice }),
    },
    verifier: createTokenVerifier(shared.keysFile),
    issuer: shared.issuer,
    limiter: given.limiter ?? UNLIMITED,
    networks: createNetworkHash(shared.keysFile),
    ambient,
    logger: createLogger('api', 'debug', { write: (line) => void shared.logs.push(line) }),
    registry,
    settings: {
      host: '127.0.0.1',
      port: 0,
      allowedOrigins: [],
      trustedProxyHops: 0,
      shopperTokenTtlSeconds: 600,
      connectionsMax: 10_000,
      connectionsPerAddressMax: 10_000,
      ...options.settings,
    },
  });
  return { api, registry, stopReader: () => reader.stop() };
}

async function addEvent(shared: Shared, changes: EventChanges = {}): Promise<EventDocument> {
  const { hash } = await shared.catalogue.storeChart(smallChart());
  const document: EventDocument = {
    id: eventId(changes.id ?? 'evening-show'),
    name: 'An evening show',
    venue: 'The small hall',
    startsAt: '2031-05-01T18:30:00Z',
    chartHash: hash,
    seatCount: smallChart().seatCount,
    sale: changes.sale ?? 'open',
    policy: { ...DEFAULT_POLICY, ...changes.policy },
    version: 1,
  };
  await shared.catalogue.createEvent(document);
  if (changes.loaded ?? true) await loadEvent(shared.store, document);
  return document;
}

async function loadEvent(store: HoldStore, document: EventDocument): Promise<void> {
  const { id, chartHash, seatCount, sale, policy, version } = document;
  const token = `load-${id}-${version}`;
  await store.loadBegin(id, { token, chartHash, seatCount, sale, policy, version });
  await store.loadEnd(id, { token });
}
