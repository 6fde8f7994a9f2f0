import type { Problem } from '@holdfast/booking-api/contract';
import { compareEpochs, isLive, type Timers } from '@holdfast/db/model';
import type { BasketMessage } from './basket-message.ts';
import type { HoldCalls, SeatChange } from './hold-calls.ts';
import { SeatWishes } from './seat-wishes.ts';
import type { SteadyOutcome, TimedHold } from './steady-call.ts';

/**
 * The shopper's basket at one event: the hold as the server last told it, and what the shopper
 * wants beyond it. One request at a time; what is tapped meanwhile is gathered and goes out
 * together as one amendment. The hold changes only by what the server says:
 * - done: its hold is the hold now;
 * - somebody was faster: those seats leave the wishes, the others are asked for again;
 * - the hold has changed elsewhere (another tab, or a Redis that went back): it is taken over and the
 *   wishes are asked anew;
 * - the hold has ended: the basket is empty, and so are the wishes;
 * - no answer: nothing is known any more, so the basket is read before anything else is sent.
 */
export type BasketView = {
  /** False until the server has told whether there is a basket. */
  readonly known: boolean;
  readonly held: TimedHold | null;
  /** Seats asked for, and seats to be given back, that the server has not answered yet. */
  readonly adding: readonly string[];
  readonly dropping: readonly string[];
  readonly work: BasketWork;
};

export type BasketWork = 'none' | 'seats' | 'extend' | 'release' | 'look';

export type BasketListener = {
  changed(view: BasketView): void;
  message(message: BasketMessage): void;
};

export type BasketOptions = {
  readonly calls: HoldCalls;
  readonly timers: Timers;
  readonly maxSeats: number;
  readonly listener: BasketListener;
};

/** Rounds in which a change may meet a basket that moved meanwhile, before the shopper is told. */
const ROUNDS_MAX = 3;
const LOOK_AGAIN_MS = 2_000;
const ENDED_REMEMBERED_MAX = 50;

export class Basket {
  readonly #options: BasketOptions;
  readonly #wishes = new SeatWishes();
  /** Holds known to have ended, each with the epoch of then: no overtaken answer must bring one back. */
  readonly #ended = new Map<string, string>();
  /** The newest that any answer told. */
  #epoch: string = '0';
  #held: TimedHold | null = null;
  /** A hold that Redis is said to have lost. */
  #forgotten: string | null = null;
  #known: boolean = false;
  #work: BasketWork = 'none';
  #lookWanted: boolean = false;
  #extendWanted: boolean = false;
  #releaseWanted: boolean = false;
  #waiting: boolean = false;
  #stopped: boolean = false;
  #rounds = 0;

  constructor(options: BasketOptions) {
    this.#options = options;
  }

  get view(): BasketView {
    const { adding, dropping } = this.#wishes.shown();
    const work = this.#work;
    return { known: this.#known, held: this.#held, adding, dropping, work };
  }

  /** Takes a seat into the basket, or out of it, whichever it is not on the way to. */
  toggle(label: string): void {
    const has = this.#held?.hold.seats.includes(label) ?? false;
    const { maxSeats } = this.#options;
    const wanted = this.#wishes.countFrom(this.#held?.hold.seats ?? []);
    if (!this.#wishes.wants(label, has) && wanted >= maxSeats) {
      this.#say({ kind: 'too-many', most: maxSeats });
      return;
    }
    this.#wishes.toggle(label, has);
    this.#rounds = 0;
    this.#go();
  }

  extend(): void {
    this.#extendWanted = true;
    this.#go();
  }

  /** Gives everything back, also what is only wished for. */
  release(): void {
    this.#releaseWanted = true;
    this.#wishes.forget();
    this.#go();
  }

  /** Reads the basket from the server: at the start, and whenever a hint says it may have changed. */
  look(): void {
    this.#lookWanted = true;
    this.#go();
  }

  /** A notice or the countdown says that a hold has ended. */
  noteEnd(hold: string, why: 'expired' | 'revoked'): void {
    if (this.#held?.hold.id === hold) this.#end(why);
    this.#rememberEnd(hold);
    this.#tell();
  }

  noteLost(hold: string, seats: readonly string[]): void {
    if (this.#held?.hold.id === hold) this.#say({ kind: 'lost', seats });
    this.look();
  }

  /** The hub says that Redis lost this hold; the server has the last word. */
  noteForgotten(hold: string): void {
    if (this.#held?.hold.id !== hold) return;
    this.#forgotten = hold;
    this.look();
  }

  /** Nothing more is sent; what is under way ends by itself. */
  stop(): void {
    this.#stopped = true;
  }

  // --- one step after the other ---

  #go(): void {
    this.#tell();
    if (this.#work === 'none') this.#run().catch((cause: unknown) => this.#failed(cause));
  }

  async #run(): Promise<void> {
    for (let step = this.#nextStep(); step !== null; step = this.#nextStep()) {
      this.#work = step;
      this.#tell();
      await this.#take(step);
      this.#work = 'none';
      this.#tell();
    }
  }

  #nextStep(): Exclude<BasketWork, 'none'> | null {
    if (this.#waiting || this.#stopped) return null;
    if (this.#lookWanted) return 'look';
    if (this.#held === null) {
      this.#releaseWanted = false;
      this.#extendWanted = false;
    }
    if (this.#releaseWanted) return 'release';
    if (this.#extendWanted) return 'extend';
    return this.#wishes.waiting ? 'seats' : null;
  }

  async #take(step: Exclude<BasketWork, 'none'>): Promise<void> {
    if (step === 'look') return this.#lookNow();
    if (step === 'seats') return this.#changeSeats();
    const { calls } = this.#options;
    const held = this.#held;
    if (step === 'extend') this.#extendWanted = false;
    else this.#releaseWanted = false;
    if (held === null) return;
    const outcome = await (step === 'extend' ? calls.extend(held) : calls.release(held));
    if (outcome.kind === 'refused' && this.#movedMeanwhile(outcome.problem, outcome.held)) {
      if (step === 'extend') this.#extendWanted = true;
      else this.#releaseWanted = true;
    } else {
      this.#settle(outcome);
    }
  }

  /** Whether the refusal only says that the basket moved; it is taken over, and one may ask anew. */
  #movedMeanwhile(problem: Problem, now: TimedHold | null): boolean {
    if (now === null || !MOVED.has(problem.code)) return false;
    this.#adopt(now, true);
    this.#rounds += 1;
    return this.#rounds <= ROUNDS_MAX;
  }

  async #lookNow(): Promise<void> {
    this.#lookWanted = false;
    const before = this.#held;
    const mine = await this.#options.calls.mine();
    if (mine === 'unknown') {
      this.#lookWanted = true;
      this.#waiting = true;
      this.#options.timers.after(LOOK_AGAIN_MS, () => {
        this.#waiting = false;
        this.#go();
      });
      return;
    }
    this.#known = true;
    if (mine !== null) this.#adopt(mine, true);
    else if (before !== null && this.#held === before) {
      this.#end(before.hold.id === this.#forgotten ? 'forgotten' : 'gone');
    }
  }

  async #changeSeats(): Promise<void> {
    const { calls } = this.#options;
    const held = this.#held;
    const change = this.#wishes.send(held?.hold.seats ?? []);
    if (change.add.length === 0 && change.drop.length === 0) return;
    const outcome = await (held === null ? calls.place(change.add) : calls.amend(held, change));
    this.#wishes.answered();
    if (outcome.kind === 'refused') this.#refusedSeats(outcome.problem, outcome.held, change);
    else this.#settle(outcome);
  }

  #refusedSeats(problem: Problem, now: TimedHold | null, change: SeatChange): void {
    if (this.#movedMeanwhile(problem, now)) {
      this.#wishes.again(change);
      return;
    }
    const inTheWay = problem.seats ?? [];
    if (problem.code === 'seats.unavailable' && inTheWay.length > 0) {
      const seats = inTheWay.filter((seat) => !seat.mine).map((seat) => seat.label);
      if (seats.length > 0) this.#say({ kind: 'taken', seats });
      const named = new Set(inTheWay.map((seat) => seat.label));
      const add = change.add.filter((label) => !named.has(label));
      // Every round asks for fewer seats, so this ends.
      if (add.length < change.add.length) this.#wishes.again({ add, drop: change.drop });
    } else {
      this.#settle({ kind: 'refused', problem, held: now });
    }
  }

  #settle(outcome: SteadyOutcome): void {
    switch (outcome.kind) {
      case 'done':
        this.#rounds = 0;
        this.#known = true;
        this.#adopt(outcome.held, false);
        return;
      case 'unsettled':
        this.#wishes.forget();
        this.#say({ kind: 'unsettled' });
        this.#lookWanted = true;
        return;
      case 'refused':
        if (outcome.held !== null) this.#adopt(outcome.held, true);
        if (OVER.has(outcome.problem.code)) this.#end('expired');
        else this.#say({ kind: 'refused', problem: outcome.problem });
        // Whatever else was gathered was meant for a basket that is not what it seemed.
        this.#wishes.forget();
        this.#lookWanted = true;
        return;
    }
  }

  // --- what is held ---

  /**
   * Takes a hold that the server told; ended holds do not count, nor older tellings where the server
   * may have answered from memory. In a new epoch both do: Redis has gone back behind them.
   */
  #adopt(told: TimedHold, isPresent: boolean): void {
    const { id, rev, status, position } = told.hold;
    const endedIn = this.#ended.get(id);
    if (endedIn !== undefined && compareEpochs(position.epoch, endedIn) <= 0) return;
    if (compareEpochs(position.epoch, this.#epoch) > 0) this.#epoch = position.epoch;
    const known = this.#held?.hold;
    if (!isPresent && known?.id === id && known.rev > rev) return;
    if (isLive(status)) {
      this.#held = told;
    } else {
      this.#rememberEnd(id);
      if (known?.id !== id) return;
      if (status === 'expired' || status === 'revoked') this.#end(status);
      else this.#held = null;
    }
  }

  #end(why: 'expired' | 'revoked' | 'gone' | 'forgotten'): void {
    if (this.#held === null) return;
    this.#rememberEnd(this.#held.hold.id);
    this.#held = null;
    this.#wishes.forget();
    this.#say({ kind: 'ended', why });
  }

  #rememberEnd(hold: string): void {
    this.#ended.set(hold, this.#epoch);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_REMEMBERED_MAX && oldest !== undefined) this.#ended.delete(oldest);
  }

  #tell(): void {
    this.#options.listener.changed(this.view);
  }

  #say(message: BasketMessage): void {
    this.#options.listener.message(message);
  }

  /** A defect of this page: say that nothing is certain, and start again from what the server has. */
  #failed(cause: unknown): void {
    console.error('The basket met a defect.', cause);
    this.#work = 'none';
    this.#wishes.forget();
    this.#say({ kind: 'unsettled' });
    this.look();
  }
}

/** The basket is not what this page thought it was: the attached hold tells. */
const MOVED: ReadonlySet<string> = new Set(['hold.exists', 'hold.changed', 'hold.precondition']);
/** The hold is over, whatever the countdown says. */
const OVER: ReadonlySet<string> = new Set(['hold.overdue', 'hold.ended', 'hold.unknown']);
