import type { Holder, HoldStore, SaleState, SeenClock, TrueHolder } from '@holdfast/db/model';
import fc from 'fast-check';
import {
  chartOf,
  HOLDS,
  keyed,
  type Material,
  material,
  overdueSeat,
  ownerAt,
  revOf,
  subject,
  tooMany,
} from './material.ts';
import {
  ADDRESSES,
  CHART,
  DAY_MS,
  OTHER_CHART,
  POLICY,
  type RandomCommand,
  SEATS,
  TRAIL,
  theHold,
  theQuote,
  type World,
} from './universe.ts';

type Send = (store: HoldStore) => Promise<{ outcome: string; nowMs: number }>;
type Prepare = (world: World, material: Material) => Send;

const VERBS: Readonly<Record<string, { weight: number; prepare: Prepare }>> = {
  place: {
    weight: 12,
    prepare: ({ event, state, lastNowMs }, m) => {
      const fresh = theHold(event, 100 + state.holds.size);
      const command = {
        holdId: m.right ? fresh : theHold(event, m.hold),
        owner: ownerAt(m.other),
        seats: m.seats,
        quote: theQuote(m.seats),
        chartHash: chartOf(m),
        idemField: m.key > 0 ? '' : `idem-${m.hold}`,
        bodyHash: `body-${m.small < 6 ? 0 : 1}`,
        addressHash: ADDRESSES[m.hold % ADDRESSES.length] ?? '',
        ...(m.small === 4 ? { seen: someLook(lastNowMs, m) } : {}),
        trail: TRAIL,
      };
      return (store) => store.place(event, command);
    },
  },
  'place again': {
    weight: 3,
    prepare: ({ event, state, lastNowMs }, m) => {
      const idemField = [...state.idem.keys()][m.key] ?? '';
      const known = state.idem.get(idemField);
      const command = {
        holdId: theHold(event, HOLDS + m.hold),
        owner: ownerAt(m.other),
        seats: m.seats,
        quote: theQuote(m.seats),
        chartHash: CHART,
        idemField,
        bodyHash: m.right ? (known?.bodyHash ?? 'body') : 'another body',
        addressHash: '',
        seen: someLook(lastNowMs, m),
        trail: TRAIL,
      };
      return (store) => store.place(event, command);
    },
  },
  amend: {
    weight: 14,
    prepare: (world, m) => {
      const { id, owner, hold } = subject(world, m);
      const more = overdueSeat(world, id) ?? m.seats[0] ?? 0;
      const one = [...new Set([...(hold?.seats ?? []).slice(0, 1), more])];
      const seats = m.key < 2 ? one.sort((a, b) => a - b) : m.seats;
      const command = {
        holdId: id,
        owner,
        rev: revOf(hold, m),
        seats,
        quote: theQuote(seats),
        chartHash: chartOf(m),
        ...keyed(hold, m),
        trail: TRAIL,
      };
      return (store) => store.amend(world.event, command);
    },
  },
  extend: {
    weight: 9,
    prepare: (world, m) => {
      const { id, owner, hold } = subject(world, m);
      const seen = m.small < 3 ? someLook(world.lastNowMs, m) : null;
      const command = { holdId: id, owner, rev: revOf(hold, m), ...keyed(hold, m), seen };
      return (store) => store.extend(world.event, command);
    },
  },
  release: {
    weight: 4,
    prepare: (world, m) => {
      const { id, owner, hold } = subject(world, m);
      const rev = m.key < 2 ? null : revOf(hold, m);
      const command = { holdId: id, owner, rev, trail: TRAIL };
      return (store) => store.release(world.event, command);
    },
  },
  expire_due: {
    weight: 5,
    prepare: ({ event, lastNowMs }, m) => {
      const only = m.small > 5 ? [theHold(event, m.hold), theHold(event, m.other)] : null;
      // A caller whose own clock and Redis' clock may have moved apart since it last asked.
      const elapsedMs = [0, 1_000, 2_000, 5_000, 60_000, 0, 0, 0][m.small] ?? 0;
      const seen = m.right ? null : { nowMs: lastNowMs, elapsedMs };
      return (store) => store.expireDue(event, { seen, only, trail: TRAIL });
    },
  },
  begin_confirm: {
    weight: 6,
    prepare: (world, m) => {
      const { id, owner, hold } = subject(world, m);
      const command = { holdId: id, owner, rev: revOf(hold, m) };
      return (store) => store.beginConfirm(world.event, command);
    },
  },
  commit: {
    weight: 2,
    prepare: (world, m) => {
      const { id, owner, hold } = subject(world, m);
      const seats = m.right && hold !== undefined ? hold.seats : m.seats.filter((s) => s < SEATS);
      const command = { holdId: id, owner, seats, quote: theQuote(seats), trail: TRAIL };
      return (store) => store.commit(world.event, command);
    },
  },
  reject: {
    weight: 2,
    prepare: (world, m) => {
      const { id, owner, hold } = subject(world, m);
      const contested: TrueHolder[] = (hold?.seats ?? []).slice(0, 1).map((seat) => ({
        seat,
        holder: m.right ? `b:${theHold(world.event, 40 + m.other)}` : 'x',
      }));
      const command = { holdId: id, owner, contested, trail: TRAIL };
      return (store) => store.reject(world.event, command);
    },
  },
  cancel: {
    weight: 2,
    prepare: (world, m) => {
      const { id, owner } = subject(world, m);
      const command = { holdId: id, owner, seats: m.seats.filter((s) => s < SEATS), trail: TRAIL };
      return (store) => store.cancel(world.event, command);
    },
  },
  revoke: {
    weight: 1,
    prepare: (world, m) => {
      const command = { holdId: subject(world, m).id, trail: TRAIL };
      return (store) => store.revoke(world.event, command);
    },
  },
  block: {
    weight: 2,
    prepare: ({ event }, m) => {
      const chartHash = chartOf(m);
      const command = { seats: tooMany(m), chartHash, revokeHolds: m.key > 1, trail: TRAIL };
      return (store) => store.block(event, command);
    },
  },
  unblock: {
    weight: 3,
    prepare: ({ event }, m) => {
      const command = { seats: tooMany(m), chartHash: chartOf(m), trail: TRAIL };
      return (store) => store.unblock(event, command);
    },
  },
  repair: {
    weight: 2,
    prepare: ({ event, state }, m) => {
      const seat = m.seats[0] ?? 0;
      const seen: Holder = m.right ? (state.holders.get(seat) ?? '') : 'x';
      const nexts = [
        '',
        'x',
        `b:${theHold(event, m.other)}`,
        `b:${theHold(event, m.hold)}`,
      ] as const;
      const command = { seat, seen, next: nexts[m.key] ?? '', trail: TRAIL };
      return (store) => store.repair(event, command);
    },
  },
  sale: {
    weight: 1,
    prepare: ({ event, state }, m) => {
      const calm: SaleState[] = ['open', 'open', 'paused', 'draft'];
      const next = m.small === 7 && m.key < 2 ? 'closed' : (calm[m.key] ?? 'open');
      const command = { next, version: state.version + (m.small === 3 ? -1 : 1) };
      return (store) => store.sale(event, command);
    },
  },
  load_begin: {
    weight: 3,
    prepare: ({ event }, m) => {
      const sale: SaleState = m.small < 2 ? 'draft' : 'open';
      const command = {
        token: `token-${m.key % 2}`,
        chartHash: m.key === 0 ? OTHER_CHART : CHART,
        seatCount: SEATS,
        sale,
        policy: m.small === 3 ? { ...POLICY, maxSeats: 41 } : POLICY,
        version: 1,
      };
      return (store) => store.loadBegin(event, command);
    },
  },
  load_part: {
    weight: 3,
    prepare: ({ event }, m) => {
      const seats = tooMany(m).map((seat) => ({ seat, holder: 'x' as const }));
      return (store) => store.loadPart(event, { token: `token-${m.key % 2}`, seats });
    },
  },
  load_end: {
    weight: 2,
    prepare:
      ({ event }, m) =>
      (store) =>
        store.loadEnd(event, { token: `token-${m.key % 2}` }),
  },
  load_close: {
    weight: 2,
    prepare: ({ event }, m) => {
      const chartHash = m.right ? OTHER_CHART : CHART;
      return (store) => store.loadClose(event, { chartHash });
    },
  },
  new_epoch: {
    weight: 1,
    prepare: ({ event, state }, m) => {
      const seenEpoch = m.right ? state.epoch : '7';
      return (store) => store.newEpoch(event, { seenEpoch });
    },
  },
  rebase: {
    weight: 1,
    prepare: ({ event, state }, m) => {
      const seenShiftMs = m.right ? state.shiftMs : state.shiftMs + 1;
      return (store) => store.rebase(event, { seenShiftMs, jumpMs: m.small * 500 - 1_000 });
    },
  },
  read_hold: {
    weight: 3,
    prepare: (world, m) => {
      const { id, owner } = subject(world, m);
      const query = m.key < 2 ? { holdId: id } : { owner };
      return (store) => store.readHold(world.event, query);
    },
  },
  probe: {
    weight: 2,
    prepare: ({ event, state }, m) => {
      const used = [...state.idem.keys()][m.key] ?? '';
      const query = { owner: ownerAt(m.other), idemField: m.right ? used : 'never used' };
      return (store) => store.probe(event, query);
    },
  },
  snapshot: {
    weight: 1,
    prepare:
      ({ event }) =>
      (store) =>
        store.snapshot(event),
  },
  catch_up: {
    weight: 3,
    prepare: ({ event, state }, m) => {
      const at = state.feed[m.small] ?? { offset: state.offset, chain: state.chain };
      const epoch = m.key === 0 && !m.right ? '7' : state.epoch;
      const from =
        m.key === 1 ? { offset: 0, chain: '0'.repeat(16) } : { offset: at.offset, chain: at.chain };
      const chain = m.key === 2 && !m.right ? 'f'.repeat(16) : from.chain;
      const query = { epoch, offset: from.offset, chain, limit: 1 + m.hold };
      return (store) => store.catchUp(event, query);
    },
  },
  trim_feed: {
    weight: 1,
    prepare: ({ event, state }, m) => {
      const epoch = m.right ? state.epoch : '7';
      const beforeOffset = Math.max(1, state.offset - m.small);
      return (store) => store.trimFeed(event, { beforeOffset, epoch });
    },
  },
  trim_budget: {
    weight: 1,
    prepare:
      ({ event }, m) =>
      (store) =>
        store.trimBudget(event, { cursor: '0', limit: 1 + m.hold }),
  },
  trim_ended: {
    weight: 1,
    prepare: ({ event }, m) => {
      const command = { olderThanMs: m.right ? DAY_MS : 1_000, limit: 1 + m.key };
      return (store) => store.trimEnded(event, command);
    },
  },
};

/** Of a clock that has been slewed, one that jumped either way, or none at all. */
function someLook(lastNowMs: number, { key }: Material): SeenClock | null {
  const elapsedMs = [0, 61_000, -61_000][key];
  return elapsedMs === undefined ? null : { nowMs: lastNowMs, elapsedMs };
}

export const randomCommand: fc.Arbitrary<RandomCommand> = fc.oneof(
  ...Object.entries(VERBS).map(([verb, { weight, prepare }]) => ({
    weight,
    arbitrary: material.map((m) => ({
      verb: verb === 'place again' ? 'place' : verb,
      prepare: (world: World) => prepare(world, m),
      toString: () => `${verb} ${JSON.stringify(m)}`,
    })),
  })),
);
