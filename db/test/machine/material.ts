import { BLOCK_SEATS_MAX, type HoldId, type HoldRecord, type OwnerId } from '@holdfast/db/model';
import fc from 'fast-check';
import { CHART, OTHER_CHART, OWNERS, POLICY, SEATS, theHold, type World } from './universe.ts';

/** Loose material of one command; each verb picks what it needs, so shrinking stays simple. */
export type Material = {
  readonly hold: number;
  readonly other: number;
  readonly seats: readonly number[];
  readonly right: boolean;
  readonly small: number;
  readonly key: number;
};

export const HOLDS = 12;

/** Rarely one beyond the last, so that invalid lists occur. */
const someSeat = fc.oneof(
  { weight: 25, arbitrary: fc.nat(SEATS - 1) },
  { weight: 1, arbitrary: fc.constant(SEATS) },
);

export function seatList(minLength: number, maxLength: number): fc.Arbitrary<number[]> {
  return fc
    .uniqueArray(someSeat, { minLength, maxLength, size: 'max' })
    .map((seats) => [...seats].sort((a, b) => a - b));
}

/** Mostly what a basket may have; now and then nothing, or one more than allowed. */
const someSeats = fc.oneof(
  { weight: 20, arbitrary: seatList(1, POLICY.maxSeats) },
  { weight: 1, arbitrary: fc.constant<number[]>([]) },
  { weight: 1, arbitrary: seatList(POLICY.maxSeats + 1, POLICY.maxSeats + 1) },
);

/** Unbiased: fast-check's love for small numbers would send most commands to the first hold. */
export const material = fc.noBias(
  fc.record({
    hold: fc.nat(HOLDS - 1),
    other: fc.nat(HOLDS - 1),
    seats: someSeats,
    right: fc.nat(9).map((number) => number < 8),
    small: fc.nat(7),
    key: fc.nat(3),
  }),
);

export function ownerAt(number: number): OwnerId {
  const owner = OWNERS[number % OWNERS.length];
  if (owner === undefined) throw new Error('the universe has owners');
  return owner;
}

/** Mostly a live hold, or one that exists, and mostly asked for by its owner; else whichever the material names. */
export function subject(
  world: World,
  m: Material,
): { id: HoldId; owner: OwnerId; hold?: HoldRecord } {
  const live = [...world.state.due.keys()];
  const pool = m.small > 1 && live.length > 0 ? live : [...world.state.holds.keys()];
  const id = (m.small < 7 ? pool[m.hold % pool.length] : undefined) ?? theHold(world.event, m.hold);
  const hold = world.state.holds.get(id);
  const owner = m.right && hold !== undefined ? hold.owner : ownerAt(m.other);
  return hold === undefined ? { id, owner } : { id, owner, hold };
}

/** A seat of somebody else's overdue hold, where there is one. */
export function overdueSeat({ state, lastNowMs }: World, mine: HoldId): number | undefined {
  for (const [id, dueAtMs] of state.due) {
    if (id !== mine && dueAtMs <= lastNowMs + state.policy.extendMs)
      return state.holds.get(id)?.seats[0];
  }
  return undefined;
}

export function revOf(hold: HoldRecord | undefined, m: Material): number {
  return (hold?.rev ?? 1) + (m.small === 0 ? 1 : 0);
}

/** Now and then the op that was done last, with the same body or another one. */
export function keyed(
  hold: HoldRecord | undefined,
  m: Material,
): { opId: string; bodyHash: string } {
  const done = m.small === 1 ? hold?.ops.at(-1) : undefined;
  const bodyHash = done !== undefined && m.key > 0 ? done.bodyHash : `body-${m.key}`;
  return { opId: done?.opId ?? `op-${m.key}-${m.small}-${m.other}`, bodyHash };
}

export const chartOf = (m: Material): string =>
  m.small === 2 && m.key === 3 ? OTHER_CHART : CHART;

/** The seats of the material, or now and then more than one call may name. */
export function tooMany(m: Material): readonly number[] {
  return m.small === 7 && m.key === 3
    ? Array.from({ length: BLOCK_SEATS_MAX + 1 }, () => 0)
    : m.seats;
}
