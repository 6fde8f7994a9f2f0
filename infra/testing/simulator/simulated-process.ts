import type { Ambient, CancelTimer } from '@holdfast/db/model';
import { type Chance, seededChance } from './seeded-chance.ts';
import type { Planned } from './simulated-time.ts';
import type { World } from './world.ts';

/**
 * One life of a process, from its start to its crash. All that a service can do, it does in its
 * timers and when a message reaches it; so a life that has ended does nothing any more, and one
 * that stands still does everything late: timers first, then messages, as Node's loop would.
 */
export class Life {
  readonly name: string;
  /** Of this name, counted from 1. */
  readonly number: number;
  readonly ambient: Ambient;
  readonly chance: Chance;
  readonly #world: World;
  readonly #begunMs: number;
  #ended: boolean = false;
  #resumesAtMs: number = Number.NEGATIVE_INFINITY;
  /** Timers that wait: a stopped service leaves none. */
  #armed = 0;

  constructor(world: World, name: string, number: number) {
    this.#world = world;
    this.name = name;
    this.number = number;
    this.chance = seededChance(world.seed, `${name} ${number}`);
    const { time } = world;
    this.#begunMs = time.nowMs;
    // People's clocks differ; nothing may depend on them.
    const wallAheadMs = WALL_MS + this.chance.between(-1, 1) * WALL_SKEW_MS;
    const bornMs = time.nowMs - this.chance.between(0, WALL_SKEW_MS);
    this.ambient = {
      clock: {
        wallMs: () => time.nowMs + wallAheadMs,
        monotonicMs: () => time.nowMs - bornMs,
      },
      timers: {
        after: (delayMs, task) => this.#after(delayMs, task),
        every: (periodMs, task) => this.#every(periodMs, task),
      },
      random: this.chance,
    };
  }

  get ended(): boolean {
    return this.#ended;
  }

  get standsStill(): boolean {
    return this.#world.time.nowMs < this.#resumesAtMs;
  }

  get ageMs(): number {
    return this.#world.time.nowMs - this.#begunMs;
  }

  get armed(): number {
    return this.#armed;
  }

  /** The process is gone with all it knew. */
  end(): void {
    this.#ended = true;
  }

  /** The process stands still, and its clocks go on. */
  standStill(forMs: number): void {
    this.#resumesAtMs = Math.max(this.#resumesAtMs, this.#world.time.nowMs + forMs);
  }

  /** Plans the arrival of a message, or of an answer. */
  receive(atMs: number, task: () => void): void {
    const { time } = this.#world;
    const arrive = (): void => {
      if (this.#ended) return;
      if (time.nowMs < this.#resumesAtMs) time.at(this.#resumesAtMs, arrive);
      else task();
    };
    time.at(atMs, arrive);
  }

  #after(delayMs: number, task: () => void): CancelTimer {
    let waits = true;
    this.#armed += 1;
    const cancel = this.#arm(delayMs, () => {
      waits = false;
      this.#armed -= 1;
      task();
    });
    return () => {
      if (!waits) return;
      waits = false;
      this.#armed -= 1;
      cancel();
    };
  }

  #every(periodMs: number, task: () => void): CancelTimer {
    let waits = true;
    this.#armed += 1;
    let cancel: CancelTimer = () => undefined;
    const again = (): void => {
      cancel = this.#arm(periodMs, () => {
        again();
        task();
      });
    };
    again();
    return () => {
      if (!waits) return;
      waits = false;
      this.#armed -= 1;
      cancel();
    };
  }

  /** As Node does it: whole milliseconds, at least one; now and then a little early. */
  #arm(delayMs: number, task: () => void): CancelTimer {
    const { time } = this.#world;
    const wholeMs = Math.max(1, Math.trunc(delayMs));
    const dueMs = time.nowMs + wholeMs + this.chance.between(EARLY_MS, LATE_MS);
    const fire = (): void => {
      if (this.#ended) return;
      if (time.nowMs < this.#resumesAtMs) planned = time.firstAt(this.#resumesAtMs, fire);
      else task();
    };
    let planned: Planned = time.at(dueMs, fire);
    return () => {
      planned.task = null;
    };
  }
}

const WALL_MS = Date.UTC(2030, 0, 1);
const WALL_SKEW_MS = 3_600_000;
/** How much earlier or later than asked a timer fires. */
const EARLY_MS = -0.9;
const LATE_MS = 1.5;
