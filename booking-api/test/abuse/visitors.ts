import { type BesiegedHall, type Visitor, visitor } from './besieged-hall.ts';

/** Somebody in the simulation: acts, and says when to be asked again (`Infinity`: never). */
export type Actor = {
  atMs: number;
  act(nowMs: number): Promise<number>;
};

/** What the simulation is about: seats that were sold, and seat-time that nobody could buy. */
export type Tally = {
  sold: number;
  /** Honest shoppers that were given less time, fewer seats, or none, by a budget. */
  honestFelt: number;
  /** Seat-ms that the abuser held and did not buy, and how much of it was its largest hold. */
  heldMs: number;
  largestMs: number;
  refusals: number;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How an abuser goes on holding: it walks away from each hold, or gives it back just in time. */
export type Habit = 'walks away' | 'gives back 1 ms before the deadline';

export type AbuserPlan = {
  readonly habit: Habit;
  /** Who it is at its n-th hold. */
  readonly who: (round: number) => Visitor;
  /** When it was refused it asks again this often; Retry-After is not for the likes of it. */
  readonly pollMs: number;
  /** The end of the simulation: seat-time beyond it is nobody's. */
  readonly untilMs: number;
};

/**
 * One client of the abuser. It takes as many free seats as it is given, as soon as they are free,
 * holds them to the last, and takes them again in the same instant. `who` names it for each hold.
 */
export function abuser(hall: BesiegedHall, tally: Tally, plan: AbuserPlan): Actor {
  const { habit, who, pollMs, untilMs } = plan;
  let [round, mine]: [number, number[]] = [0, []];
  let hold: { readonly id: string; readonly by: Visitor } | null = null;
  let most = hall.policy.maxSeats;
  const take = async (nowMs: number): Promise<number> => {
    const by = who(round);
    const free = new Set([...mine, ...(await hall.freeSeats())]);
    const wanted = [...free].slice(0, most).sort((a, b) => a - b);
    if (wanted.length === 0) return nowMs + pollMs;
    const reply = await hall.place(by, wanted);
    if (reply.kind === 'refused') {
      mine = [];
      if (reply.code === 'budget.spent') tally.refusals += 1;
      const fewer = reply.code === 'budget.spent' && reply.mostSeats > 0;
      most = fewer ? reply.mostSeats : hall.policy.maxSeats;
      return fewer && wanted.length > most ? take(nowMs) : nowMs + pollMs;
    }
    round += 1;
    hold = { id: reply.hold.id, by };
    mine = wanted;
    const heldMs = reply.hold.remainingMs - (habit === 'walks away' ? 0 : 1);
    const costMs = wanted.length * Math.min(heldMs, untilMs - nowMs);
    tally.heldMs += costMs;
    tally.largestMs = Math.max(tally.largestMs, costMs);
    return nowMs + heldMs;
  };
  return {
    atMs: 0,
    act: async (nowMs) => {
      if (hold !== null && habit !== 'walks away') await hall.release(hold.by, hold.id);
      hold = null;
      return take(nowMs);
    },
  };
}

/**
 * An honest shopper: comes within the first ten minutes, wants one to four seats, looks every
 * few seconds for as long as its patience lasts, thinks for a while, and mostly buys.
 */
export function honest(hall: BesiegedHall, tally: Tally, number: number): Actor {
  const who = visitor(`honest-${number}`, `198.51.${number >> 8}.${number & 255}`);
  const { fraction } = hall;
  const comesMs = fraction() * 10 * MINUTE_MS;
  const wanted = 1 + Math.floor(fraction() * 4);
  const leavesMs = comesMs + 10 * MINUTE_MS;
  let hold: string | null = null;
  return {
    atMs: comesMs,
    act: async (nowMs) => {
      if (hold !== null) {
        if (fraction() < 0.85 && (await hall.buy(who, hold))) tally.sold += wanted;
        else await hall.release(who, hold);
        return Number.POSITIVE_INFINITY;
      }
      if (nowMs > leavesMs) return Number.POSITIVE_INFINITY;
      const againMs = nowMs + (3 + fraction() * 4) * SECOND_MS;
      const free = await hall.freeSeats();
      if (free.length < wanted) return againMs;
      const first = Math.floor(fraction() * (free.length - wanted + 1));
      const reply = await hall.place(who, free.slice(first, first + wanted));
      if (reply.kind === 'refused') {
        if (reply.code === 'budget.spent') tally.honestFelt += 1;
        return againMs;
      }
      if (reply.hold.remainingMs < hall.policy.holdTtlMs) tally.honestFelt += 1;
      hold = reply.hold.id;
      return nowMs + (30 + fraction() * 150) * SECOND_MS;
    },
  };
}

/** The worker: ends what is due. */
export function sweeper(hall: BesiegedHall, periodMs: number): Actor {
  return {
    atMs: 0,
    act: async (nowMs) => {
      await hall.sweep();
      return nowMs + periodMs;
    },
  };
}

/** Lets everybody act in the order of their times; of equal ones the first in the list. */
export async function play(
  hall: BesiegedHall,
  actors: readonly Actor[],
  untilMs: number,
): Promise<void> {
  for (;;) {
    let next = actors[0];
    for (const actor of actors) if (next === undefined || actor.atMs < next.atMs) next = actor;
    if (next === undefined || next.atMs > untilMs) return;
    await hall.moveTo(Math.ceil(next.atMs));
    next.atMs = await next.act(hall.nowMs());
  }
}
