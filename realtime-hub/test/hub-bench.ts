import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalogue, openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  type Chart,
  DEFAULT_POLICY,
  type EventId,
  eventId,
  type HoldStore,
  ownerId,
  type SaleState,
} from '@holdfast/db/model';
import { createRedisHoldStore, type RedisConnection } from '@holdfast/db/redis';
import {
  createLogger,
  createTokenIssuer,
  createTokenVerifier,
  ensureSigningKeys,
  openRedis,
  openSubscribers,
  type RedisSubscribers,
  Registry,
  realAmbient,
  rotateSigningKeys,
} from '@holdfast/infra/runtime';
import { startTestRedis, type TestRedis } from '@holdfast/infra/testing';
import { createEmitter, type Emitter } from '@holdfast/realtime-hub/emitter';
import { PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';
import { io, type Socket } from 'socket.io-client';
import { createBusClients } from '../src/bus/bus-clients.ts';
import type { AdmissionRules } from '../src/hub/admission.ts';
import { createHub, type Hub, type HubParts } from '../src/hub/hub-service.ts';

export const ORIGIN = 'https://tickets.example.org';
export const GALA: EventId = eventId('gala');
const RULES: AdmissionRules = {
  allowedOrigins: [ORIGIN],
  socketsPerAddressMax: 50,
  socketsMax: 1_000,
  trustedProxyHops: 0,
};
const trail = { actor: 'test', reason: 'test', requestId: '', traceId: '' } as const;

type Connect = () => Promise<{
  readonly commands: RedisConnection;
  readonly subscribers: RedisSubscribers;
}>;

export type BenchHub = { readonly hub: Hub; readonly registry: Registry };

/** Real hubs on a real Redis in one process, with an emitter as an API has it. */
export type HubBench = {
  readonly hubs: readonly BenchHub[];
  readonly emitter: Emitter;
  readonly redis: TestRedis;
  readonly chart: Chart;
  readonly chartHash: string;
  /** Blocks or frees a seat in Redis; told to the hubs unless `silently`. */
  flip(seat: number, silently?: 'silently'): Promise<void>;
  truth(): Promise<Uint8Array>;
  /** Says in Redis that the sale is `next` now, as an API does. */
  changeSale(next: SaleState, version: number): Promise<void>;
  token(owner: string, ttlSeconds?: number): Promise<string>;
  /** A new signing key; tokens of the key before it stay valid, those of the key before that do not. */
  rotateKeys(): Promise<void>;
  /** A socket that does not connect by itself. */
  socket(hub: number, auth: unknown, settings?: { origin?: string }): Socket;
  metric(hub: number, name: string): Promise<number>;
  stop(): Promise<void>;
};

/** `rules` that are told win over those of the bench. */
export async function startHubBench(
  hubCount: number,
  rules: Partial<AdmissionRules> = {},
): Promise<HubBench> {
  const redis = await startTestRedis();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-hub-'));
  const keys = join(folder, 'keys.json');
  await ensureSigningKeys(keys);
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  const { hash: chartHash } = await catalogue.storeChart(CHART);
  const ambient = realAmbient();
  const logger = createLogger('test', 'silent');
  const closings: (() => void)[] = [];
  const connect: Connect = async () => {
    const parts = { name: 'test', logger };
    const commands = await openRedis(redis.url, { ...parts, role: 'commands' });
    const subscribers = await openSubscribers(redis.url, commands, parts);
    closings.push(
      () => commands.disconnect(),
      () => subscribers.close(),
    );
    return { commands, subscribers };
  };
  const { commands, subscribers } = await connect();
  const store = createRedisHoldStore({ redis: commands });
  await openGala(store, catalogue, chartHash);
  const emitter = createEmitter({ publisher: commands, subscribers, ambient, logger });
  const hubs: BenchHub[] = [];
  for (let at = 0; at < hubCount; at += 1) {
    const verifier = createTokenVerifier(keys);
    const told = { catalogue, verifier, ambient, logger, rules: { ...RULES, ...rules } };
    hubs.push(await startHub(told, connect));
  }
  const sockets: Socket[] = [];
  return {
    hubs,
    emitter,
    redis,
    chart: CHART,
    chartHash,
    truth: () => seatsIn(store),
    flip: async (seat, silently) => {
      const reply = await flipIn(store, chartHash, seat);
      if (silently === undefined) emitter.publish(GALA, reply.position.epoch, reply.entries);
    },
    token: (owner, ttlSeconds = 600) =>
      createTokenIssuer(keys).issue({ subject: ownerId(owner), role: 'shopper', ttlSeconds }),
    changeSale: (next, version) => changeSaleIn(store, next, version),
    rotateKeys: () => rotateSigningKeys(keys),
    socket: (hub, auth, { origin = ORIGIN } = {}) => {
      const socket = idleSocket(hubs[hub]?.hub.port, auth, origin);
      sockets.push(socket);
      return socket;
    },
    metric: async (hub, name) => {
      const metric = await hubs[hub]?.registry.getSingleMetric(name)?.get();
      return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    stop: async () => {
      for (const socket of sockets) socket.disconnect();
      for (const { hub } of hubs) await hub.stop();
      await emitter.stop();
      for (const close of closings) close();
      await catalogue.close();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function seatsIn(store: HoldStore): Promise<Uint8Array> {
  const reply = await store.snapshot(GALA);
  if (reply.outcome !== 'taken') throw new Error(reply.outcome);
  return reply.map;
}

async function flipIn(store: HoldStore, chartHash: string, seat: number) {
  const blocked = (await seatsIn(store))[seat] !== 0;
  const command = { seats: [seat], chartHash, revokeHolds: false, trail };
  return blocked ? await store.unblock(GALA, command) : await store.block(GALA, command);
}

async function changeSaleIn(store: HoldStore, next: SaleState, version: number): Promise<void> {
  const { outcome } = await store.sale(GALA, { next, version });
  if (outcome !== 'changed') throw new Error(outcome);
}

function idleSocket(port: number | undefined, auth: unknown, origin: string): Socket {
  return io(`ws://127.0.0.1:${port}`, {
    auth: typeof auth === 'object' && auth !== null ? auth : { auth },
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    forceNew: true,
    ...(origin === '' ? {} : { extraHeaders: { origin } }),
  });
}

async function startHub(
  parts: Pick<HubParts, 'catalogue' | 'verifier' | 'ambient' | 'logger' | 'rules'>,
  connect: Connect,
): Promise<BenchHub> {
  const registry = new Registry();
  const { commands, subscribers } = await connect();
  const hub = createHub({
    ...parts,
    registry,
    store: createRedisHoldStore({ redis: commands }),
    bus: createBusClients({
      publisher: commands,
      subscribers,
      onFailure: () => undefined,
    }),
    host: '127.0.0.1',
    port: 0,
    onLoading: () => undefined,
  });
  await hub.run();
  return { hub, registry };
}

/** What a page sends when it connects. */
export function handshake(token: string, event = 'gala', protocol = PROTOCOL_VERSION): object {
  return { token, event, protocol };
}

async function openGala(store: HoldStore, catalogue: Catalogue, chartHash: string): Promise<void> {
  const { seatCount } = CHART;
  const open = { chartHash, seatCount, sale: 'open', policy: DEFAULT_POLICY, version: 1 } as const;
  await catalogue.createEvent({
    id: GALA,
    name: 'Gala',
    venue: 'Test house',
    startsAt: '2030-01-01T19:00:00Z',
    ...open,
  });
  await store.loadBegin(GALA, { token: 'token', ...open });
  await store.loadEnd(GALA, { token: 'token' });
}

/** One row a section. */
const CHART: Chart = chartOf([12, 40, 7]);

function chartOf(seatCounts: readonly number[]): Chart {
  let start = 0;
  const sections = seatCounts.map((seatCount, level) => {
    const places = Array.from({ length: seatCount }, (_, seat) => seat);
    const row = {
      name: '1',
      x: places.map((seat) => 50 + seat * 50),
      y: places.map(() => 50 + level * 100),
      numbers: places.map((seat) => `${seat + 1}`),
      category: 0,
      breaks: [],
      accessible: [],
      companion: [],
    };
    const id = `S${level}`;
    const section = { id, name: id, level: 0, start, seatCount, rows: [row] };
    start += seatCount;
    return section;
  });
  return {
    format: 'holdfast.chart/1',
    name: 'Test house',
    seatCount: start,
    currency: 'GBP',
    categories: [{ name: 'Any', colour: '#336699', price: 1_000 }],
    levels: ['Ground'],
    focal: null,
    width: 3_000,
    height: 400,
    areas: [],
    sections,
  };
}
