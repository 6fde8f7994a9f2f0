import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import {
  type EventDocument,
  type EventId,
  eventId,
  type HoldId,
  type HoldStore,
  holdId,
  type OwnerId,
  ownerId,
  type Policy,
  type PolicyChanges,
  policyOfNewEvent,
} from '@holdfast/db/model';
import {
  createLogger,
  createNetworkHash,
  createRegistry,
  ensureSigningKeys,
} from '@holdfast/infra/runtime';
import { createManualAmbient, seededFraction } from '@holdfast/infra/testing';
import { createBudgetMeter } from '../../src/budget-meter.ts';
import type { Hold, Problem } from '../../src/contract/door.ts';
import { nameIntent } from '../../src/edge/idempotency.ts';
import { createChartCache } from '../../src/events/chart-cache.ts';
import { createSteadyClocks, noteClocks } from '../../src/events/steady-clocks.ts';
import type { HoldParts } from '../../src/use-cases/hold-parts.ts';
import { placeHold } from '../../src/use-cases/place-hold.ts';
import { releaseHold } from '../../src/use-cases/release-hold.ts';
import { NEVER_GRANTED } from '../api-kit.ts';
import { oneRow } from './one-row.ts';

/** A store whose time the simulation moves. */
export type TimedStore = {
  readonly store: HoldStore;
  /** From here on so much time has passed since the beginning. */
  setTime(event: EventId, sinceStartMs: number): Promise<void>;
};

export type Placed = { readonly kind: 'placed'; readonly hold: Hold };
export type NotPlaced = {
  readonly kind: 'refused';
  readonly code: string;
  readonly mostSeats: number;
};

/** One small hall on sale, as its API's use cases serve it, on a clock that the simulation moves. */
export type BesiegedHall = {
  readonly policy: Policy;
  readonly nowMs: () => number;
  readonly fraction: () => number;
  moveTo(ms: number): Promise<void>;
  freeSeats(): Promise<number[]>;
  place(who: Visitor, seats: readonly number[]): Promise<Placed | NotPlaced>;
  release(who: Visitor, hold: string): Promise<void>;
  /** Books the hold as `confirm` will: by the machine's own `commit`. False when it has ended. */
  buy(who: Visitor, hold: string): Promise<boolean>;
  /** What the worker does. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

export type Visitor = { readonly owner: OwnerId; readonly address: string };

export const HALL_SEATS = 160;
export const EVENT = eventId('besieged');
const TRACE = { requestId: 'r', traceId: 't' };
const TRAIL = { actor: 'test', reason: 'abuse', ...TRACE } as const;

export async function openBesiegedHall(
  timed: TimedStore,
  given: { readonly policy: PolicyChanges; readonly seed: number },
): Promise<BesiegedHall> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-abuse-'));
  const catalogue = await openSqliteCatalogue(join(folder, 'catalogue.sqlite'));
  const keysFile = join(folder, 'keys.json');
  await ensureSigningKeys(keysFile);
  const { hash: chartHash } = await catalogue.storeChart(oneRow(HALL_SEATS));
  const policy = policyOfNewEvent(given.policy, HALL_SEATS);
  const document = besiegedShow(chartHash, policy);
  const { store } = timed;
  await open(store, document);

  const manual = createManualAmbient({ seed: given.seed });
  let nowMs = 0;
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  const charts = createChartCache(catalogue);
  const parts = partsOf({ store, charts, keysFile, document, ambient: { ...manual, clock } });
  const label = (seat: number): string => `A-1-${seat + 1}`;
  const intentOf = (who: Visitor, content: unknown) =>
    nameIntent({ owner: who.owner, method: 'POST', path: '/', key: null, content }, manual.random);
  return {
    policy,
    nowMs: () => nowMs,
    fraction: seededFraction(given.seed),
    moveTo: async (ms) => {
      nowMs = Math.max(nowMs, ms);
      await timed.setTime(EVENT, nowMs);
    },
    freeSeats: async () => {
      const taken = await store.snapshot(EVENT);
      const map = taken.outcome === 'taken' ? [...taken.map] : [];
      return map.flatMap((state, seat) => (state === 0 ? [seat] : []));
    },
    place: async (who, seats) => {
      const result = await placeHold(parts, {
        event: EVENT,
        caller: { owner: who.owner, role: 'shopper' },
        body: { seats: seats.map(label), chartHash },
        intent: intentOf(who, seats),
        trace: TRACE,
        address: who.address,
      });
      if (result.kind === 'hold') return { kind: 'placed', hold: result.hold };
      if (result.kind === 'pending') throw new Error('the simulation loses no replies');
      return { kind: 'refused', code: result.code, mostSeats: mostOf(result) };
    },
    release: async (who, hold) => {
      const caller = { owner: who.owner, role: 'shopper' } as const;
      await releaseHold(parts, {
        event: EVENT,
        hold: holdId(hold),
        caller,
        rev: null,
        trace: TRACE,
      });
    },
    buy: (who, hold) => buy(store, who.owner, holdId(hold)),
    sweep: async () => {
      await store.expireDue(EVENT, { seen: null, only: null, trail: TRAIL });
    },
    close: async () => {
      await catalogue.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function besiegedShow(chartHash: string, policy: Policy): EventDocument {
  return {
    ...{ id: EVENT, name: 'A besieged show', venue: 'A small hall' },
    ...{ startsAt: '2031-05-01T18:30:00Z', chartHash, seatCount: HALL_SEATS },
    ...{ sale: 'open', policy, version: 1 },
  };
}

/** Loads it as the worker would. */
async function open(store: HoldStore, document: EventDocument): Promise<void> {
  const { chartHash, seatCount, sale, policy, version } = document;
  const source = { chartHash, seatCount, sale, policy, version };
  await store.loadBegin(EVENT, { token: 'load', ...source });
  await store.loadEnd(EVENT, { token: 'load' });
}

export function visitor(name: string, address: string): Visitor {
  return { owner: ownerId(name), address };
}

function mostOf({ mostSeats = 0 }: Pick<Problem, 'mostSeats'>): number {
  return mostSeats;
}

async function buy(store: HoldStore, owner: OwnerId, id: HoldId): Promise<boolean> {
  const known = await store.readHold(EVENT, { holdId: id });
  if (known.outcome !== 'found') return false;
  const begun = await store.beginConfirm(EVENT, { holdId: id, owner, rev: known.hold.rev });
  if (begun.outcome !== 'confirming') return false;
  const { seats, quote } = known.hold;
  const reply = await store.commit(EVENT, { holdId: id, owner, seats, quote, trail: TRAIL });
  return reply.outcome === 'booked';
}

function partsOf({
  store,
  charts,
  document,
  ambient,
  keysFile,
}: Pick<HoldParts, 'store' | 'charts' | 'ambient'> & {
  readonly document: EventDocument;
  readonly keysFile: string;
}): HoldParts {
  const clocks = createSteadyClocks(ambient.clock);
  return {
    ...{ clocks, ambient, charts, lock: NEVER_GRANTED },
    store: noteClocks(store, clocks, ambient.clock),
    events: {
      read: async () => document,
      list: async () => [document],
      forget: () => undefined,
    },
    // The machine is asked every time: this is about what it grants.
    reader: { project: async () => null, peek: () => null, feed: () => undefined },
    announcer: { publish: () => undefined, notifyOwner: () => undefined },
    live: { add: async () => undefined },
    networks: createNetworkHash(keysFile),
    budgets: createBudgetMeter(createRegistry('api')),
    logger: createLogger('api', 'silent'),
  };
}
