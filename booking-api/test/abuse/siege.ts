import type { Policy, PolicyChanges } from '@holdfast/db/model';
import {
  HALL_SEATS,
  openBesiegedHall,
  type TimedStore,
  type Visitor,
  visitor,
} from './besieged-hall.ts';
import { abuser, type Habit, honest, play, sweeper, type Tally } from './visitors.ts';

export type Siege = {
  readonly name: string;
  /** Clients that hold at the same time. */
  readonly clients: number;
  readonly habit: Habit;
  /** Who a client is at its n-th hold. */
  readonly who: (client: number, round: number) => Visitor;
};

export type SiegeResult = Tally & {
  /** Seats of the hall that honest shoppers bought, 0 to 1. */
  readonly share: number;
  /** How much of the hall the abuser held on average, 0 to 1. */
  readonly heldShare: number;
  readonly policy: Policy;
};

const HONEST = 100;
const SWEEP_MS = 1_000;

const address = (number: number): string => `203.0.${number >> 8}.${number & 255}`;
const habit: Habit = 'gives back 1 ms before the deadline';

export const NOBODY: Siege = {
  ...{ name: 'nobody abuses', clients: 0, habit },
  who: () => visitor('nobody', address(0)),
};
export const ONE_CLIENT: Siege = {
  ...{ name: '1 client', clients: 1, habit },
  who: () => visitor('abuser', address(0)),
};
export const ONE_OWNER_MANY_ADDRESSES: Siege = {
  ...{ name: '1 client over 1,000 addresses', clients: 1, habit },
  who: (_, round) => visitor('abuser', address(round % 1_000)),
};
export const MANY_BEHIND_ONE: Siege = {
  ...{ name: '100 clients behind one address', clients: 100, habit },
  who: (client) => visitor(`abuser-${client}`, address(0)),
};
export const WALKING_AWAY: Siege = {
  ...MANY_BEHIND_ONE,
  name: '100 clients behind one address, who let their holds expire',
  habit: 'walks away',
};

/** Fresh sessions cost nothing, so a client may be somebody else at each hold. */
export function freshSessions(addresses: number): Siege {
  return {
    name: `100 clients ${addresses === 1 ? 'behind one address' : `over ${addresses} addresses`}, with a new session for each hold`,
    ...{ clients: 100, habit },
    who: (client, round) =>
      visitor(`abuser-${client}-${round}`, address((client + 100 * round) % addresses)),
  };
}

export type SiegeTerms = {
  readonly policy: PolicyChanges;
  readonly seed: number;
  readonly lengthMs: number;
  readonly pollMs: number;
};

/** One siege from its first minute on, and what the honest came to. */
export async function lay(
  timed: TimedStore,
  { clients, habit, who }: Siege,
  terms: SiegeTerms,
): Promise<SiegeResult> {
  const hall = await openBesiegedHall(timed, terms);
  const tally: Tally = { sold: 0, honestFelt: 0, heldMs: 0, largestMs: 0, refusals: 0 };
  const { pollMs, lengthMs: untilMs } = terms;
  const abusers = Array.from({ length: clients }, (_, client) =>
    abuser(hall, tally, { habit, pollMs, untilMs, who: (round) => who(client, round) }),
  );
  const shoppers = Array.from({ length: HONEST }, (_, number) => honest(hall, tally, number));
  // In the same instant the abuser is always first.
  await play(hall, [...abusers, sweeper(hall, SWEEP_MS), ...shoppers], untilMs);
  await hall.close();
  const share = tally.sold / HALL_SEATS;
  const heldShare = tally.heldMs / (HALL_SEATS * untilMs);
  return { ...tally, share, heldShare, policy: hall.policy };
}

/** What one owner or address can hold at most without buying: its budget, what refills, one hold. */
export function mostHeld(budgetMs: number, { policy, largestMs }: SiegeResult, lengthMs: number) {
  return budgetMs * (1 + lengthMs / policy.budgetRefillMs) + largestMs;
}

export function told({ name }: Siege, guard: 'off' | 'on', result: SiegeResult): string {
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  const { share, heldShare, honestFelt, refusals } = result;
  return (
    `${name}, guard ${guard}: the honest bought ${percent(share)} of the seats; the abuser held ` +
    `${percent(heldShare)} of all seat-time and was refused ${refusals} times, the honest ${honestFelt} times`
  );
}
