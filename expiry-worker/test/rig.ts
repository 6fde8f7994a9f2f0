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
  type FeedEntry,
  type HoldId,
  type HoldStore,
  holdId,
  ownerId,
  type PlaceReply,
} from '@holdfast/db/model';
import { createLogger, Registry } from '@holdfast/infra/runtime';
import { createManualAmbient, type ManualAmbient } from '@holdfast/infra/testing';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { Announcer } from '../src/announce.ts';
import { createExpiryWorker, type ExpiryWorker } from '../src/expiry-worker.ts';
import type { LoadLock } from '../src/load-event.ts';

export const GALA = eventId('gala');
export const CHART_HASH = '0'.repeat(32);
export const SEAT_COUNT = 2_500;
export const LOGGER = createLogger('worker', 'silent');

/** Everything a worker is told and tells, on the reference model and a clock that stands still. */
export type Rig = {
  readonly ambient: ManualAmbient;
  readonly store: ReturnType<typeof createModelHoldStore>;
  readonly catalogue: Catalogue;
  readonly hinted: Set<EventId>;
  readonly announced: Announced;
  readonly registry: Registry;
  readonly worker: ExpiryWorker;
  /** Sets the clock of "Redis" on or back. */
  jumpClock(ms: number): void;
  /** Another worker on the same world. */
  another(): ExpiryWorker;
  drop(): Promise<void>;
};

export type Announced = Announcer & {
  readonly entries: FeedEntry[];
  readonly notices: (OwnerNotice & { readonly owner: string })[];
};

export async function createRig(given: { readonly store?: HoldStore } = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  const ambient = createManualAmbient();
  let jumpedMs = 1_000_000;
  const store = createModelHoldStore({ nowMs: () => ambient.clock.monotonicMs() + jumpedMs });
  const hinted = new Set<EventId>();
  const announced = recordAnnounced();
  const registry = new Registry();
  const build = (metrics: Registry): ExpiryWorker =>
    createExpiryWorker({
      ...{ store: given.store ?? store, ambient, catalogue, lock: openLock, subscribers: null },
      hints: {
        add: async (event) => void hinted.add(event),
        list: async () => [...hinted],
      },
      announcer: announced,
      logger: LOGGER,
      registry: metrics,
    });
  return {
    ...{ ambient, store, catalogue, hinted, announced, registry },
    worker: build(registry),
    another: () => build(new Registry()),
    jumpClock: (ms) => {
      jumpedMs += ms;
    },
    drop: async () => {
      await catalogue.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Always grants: the load must be right without its lock. */
export const openLock: LoadLock = { withLoad: (_event, task) => task() };

export function recordAnnounced(): Announced {
  const entries: FeedEntry[] = [];
  const notices: (OwnerNotice & { owner: string })[] = [];
  return {
    entries,
    notices,
    publish: (_event, _epoch, more) => void entries.push(...more),
    notifyOwner: (owner, notice) => void notices.push({ ...notice, owner }),
  };
}

export function showOf(change: Partial<EventDocument> = {}): EventDocument {
  return {
    id: GALA,
    name: 'Gala',
    venue: 'Hall',
    startsAt: '2030-01-01T19:00:00Z',
    chartHash: CHART_HASH,
    seatCount: SEAT_COUNT,
    sale: 'open',
    policy: DEFAULT_POLICY,
    version: 1,
    ...change,
  };
}

/** The hold id that stands for a number. */
export function numberedHold(event: EventId, number: number): HoldId {
  return holdId(`${event}.${`${number}`.padStart(22, '0')}`);
}

/** Places hold `number` of owner `number` on the seats. */
export function place(
  store: HoldStore,
  number: number,
  seats: readonly number[],
  event = GALA,
): Promise<PlaceReply> {
  return store.place(event, {
    holdId: numberedHold(event, number),
    owner: ownerId(`shopper-${number}`),
    seats,
    quote: { currency: 'EUR', priceVersion: CHART_HASH, amounts: seats.map(() => 100) },
    chartHash: CHART_HASH,
    idemField: '',
    bodyHash: '',
    addressHash: '',
    trail: { actor: 'test', reason: 'tap', requestId: 'r1', traceId: 't1' },
  });
}

/** How many records of a verb a feed has for each hold. */
export function endsByHold(entries: readonly FeedEntry[], verb = 'expire'): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { line } of entries) {
    const [, lineVerb, , , hold = ''] = line.split('|');
    if (lineVerb === verb) ends.set(hold, (ends.get(hold) ?? 0) + 1);
  }
  return ends;
}
