import type { Hold } from '@holdfast/booking-api/contract';
import { sleep } from '@holdfast/db/model';
import { createJournalledShopper, type JournalledShopper } from '../journalled-shopper.ts';
import type { Show } from './show.ts';
import type { SimulatedCaller } from './simulated-callers.ts';
import type { Life } from './simulated-process.ts';
import { createToldJournal, type ToldJournal } from './told-entries.ts';

export type ShopperPlan = {
  readonly name: string;
  readonly life: Life;
  readonly caller: SimulatedCaller;
  readonly show: Show;
  readonly thinkMs: number;
};

/** People come back to a request without an answer, most of them. */
const REPEAT_SHARE = 0.7;
const REPEATS_MAX = 3;
const REPEAT_AFTER_MS = { least: 50, most: 2_500 } as const;
/** Two requests of one owner at once: two tabs, or an impatient client library. */
const TWICE_SHARE = 0.12;
/** Some wish for more than an event allows. */
const GREEDY_SHARE = 0.05;
const GREED_MAX = 4;
/** Another tab of somebody who has a basket. */
const SECOND_BASKET_SHARE = 0.06;
/** Half of all wishes go to these few seats. */
const HOT_SEATS = 8;
const LATE_LOOK_MS = 400;
const WALK_MAX_MS = 45_000;

/** One who places, amends, extends, releases and walks away at random. */
export class SimulatedShopper {
  readonly journal: ToldJournal;
  readonly #plan: ShopperPlan;
  readonly #shopper: JournalledShopper;
  #busy = 0;

  constructor(plan: ShopperPlan) {
    const { name, caller, show } = plan;
    const { event, chartHash, seatOf } = show;
    this.#plan = plan;
    this.#shopper = createJournalledShopper({ name, api: caller, event, chartHash, seatOf });
    this.journal = createToldJournal(name, this.#shopper);
  }

  /** The hold as last told. */
  get basket(): Hold | null {
    return this.#shopper.basket;
  }

  /** Calls under way. */
  get busy(): number {
    return this.#busy;
  }

  /** Goes on until it is time to stop. */
  async shop(isOver: () => boolean): Promise<void> {
    const { chance, ambient } = this.#plan.life;
    while (!isOver()) {
      await sleep(ambient.timers, chance.between(0.1, 1.9) * this.#plan.thinkMs);
      if (!isOver()) await this.#step();
    }
  }

  async #step(): Promise<unknown> {
    const shopper = this.#shopper;
    const { basket } = shopper;
    if (basket === null) return await this.#place();
    const { chance } = this.#plan.life;
    if (chance.happens(SECOND_BASKET_SHARE)) return await this.#place();
    const tried = chance.fraction();
    if (tried < 0.4) return await this.#amend(basket.seats);
    if (tried < 0.55) return await this.#told(shopper.extend());
    if (tried < 0.7) return await this.#told(shopper.release());
    if (tried < 0.85) return await this.#walkAway(basket);
    return await this.#told(shopper.look());
  }

  async #place(): Promise<void> {
    const { life, show } = this.#plan;
    const { chance } = life;
    const seats = this.#wish(show.policy.maxSeats);
    const key = chance.happens(0.9) ? `key-${chance.below(2 ** 32)}` : undefined;
    const again = (): Promise<string> => this.#told(this.#shopper.place(seats, key));
    if (chance.happens(TWICE_SHARE)) await Promise.all([again(), again()]);
    for (let repeat = 0; repeat < REPEATS_MAX; repeat += 1) {
      const outcome = await again();
      if (outcome !== 'unreachable' && outcome !== 'pending') return;
      if (!chance.happens(REPEAT_SHARE)) return;
      const pauseMs = chance.between(REPEAT_AFTER_MS.least, REPEAT_AFTER_MS.most);
      await sleep(life.ambient.timers, pauseMs);
    }
  }

  async #amend(own: readonly string[]): Promise<void> {
    const { chance } = this.#plan.life;
    const drop = own.filter(() => chance.happens(0.4));
    const add = this.#wish(2).filter((label) => !own.includes(label));
    const change = { ...(add.length > 0 ? { add } : {}), ...(drop.length > 0 ? { drop } : {}) };
    const other = chance.happens(TWICE_SHARE) ? this.#told(this.#shopper.release()) : null;
    if (add.length + drop.length > 0) await this.#told(this.#shopper.amend(change));
    await other;
  }

  /** Leaves the basket to its deadline, then looks what became of it. */
  async #walkAway({ remainingMs }: Hold): Promise<void> {
    const { timers } = this.#plan.life.ambient;
    await sleep(timers, Math.min(remainingMs, WALK_MAX_MS) + LATE_LOOK_MS);
    await this.#told(this.#shopper.look());
  }

  #wish(most: number): string[] {
    const { life, show } = this.#plan;
    const { chance } = life;
    const seats = new Set<string>();
    const wanted = 1 + chance.below(most + (chance.happens(GREEDY_SHARE) ? GREED_MAX : 0));
    for (let at = 0; at < wanted; at += 1) {
      const below = chance.happens(0.5) ? HOT_SEATS : show.labels.length;
      seats.add(show.labels[chance.below(Math.min(below, show.labels.length))] ?? '');
    }
    return [...seats];
  }

  /** Takes note of what came of a call. */
  async #told(call: Promise<string>): Promise<string> {
    this.#busy += 1;
    const outcome = await call;
    this.#busy -= 1;
    this.journal.take(this.#plan.caller.told);
    return outcome;
  }
}
