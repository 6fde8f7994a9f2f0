import { StoreUnavailableError, StoreUnsettledError } from '@holdfast/db/model';
import type { Life } from './simulated-process.ts';
import type { SimulatedStore } from './simulated-store.ts';
import type { World } from './world.ts';

/** One command under way: who waits for it, and whether it reaches the store at all. */
type Waiting = {
  readonly what: string;
  readonly sentAtMs: number;
  reject: ((error: unknown) => void) | null;
  reaches: boolean;
};

/** A caller waits so long; what is still on its way then runs all the same. */
const COMMAND_LIMIT_MS = 2_000;
/** A client tries again after so long. */
const RECONNECT_MS = { least: 25, most: 1_000 } as const;
/** Of what is in flight when a connection breaks, this share has reached the store. */
const REACHED_SHARE = 0.5;

/**
 * A process's connection to the store. Commands and replies keep their order, as on any TCP
 * connection, whatever each of them takes. A connection that breaks takes everything in flight with
 * it: some of it has reached the store and runs, the callers of all of it are told that nobody
 * knows.
 */
export class StoreLink {
  readonly #world: World;
  readonly #life: Life;
  readonly #store: SimulatedStore;
  readonly #waiting = new Set<Waiting>();
  #arrivesMs = 0;
  #answersMs = 0;
  #stalledUntilMs = 0;
  #backAtMs = 0;
  #heard = 0;

  constructor(world: World, life: Life, store: SimulatedStore) {
    this.#world = world;
    this.#life = life;
    this.#store = store;
    store.onRestart(() => {
      if (!life.ended) this.#break(world.chance.between(RECONNECT_MS.least, RECONNECT_MS.most), 0);
    });
  }

  /** The number of the command whose reply was delivered last. */
  get heard(): number {
    return this.#heard;
  }

  /** Whether commands pass without delay. */
  get passes(): boolean {
    const { nowMs } = this.#world.time;
    return this.#isConnected() && nowMs >= this.#stalledUntilMs;
  }

  /** Breaks the connection; it comes back after `awayMs`, if the store is up by then. */
  cut(awayMs: number): void {
    this.#break(awayMs, REACHED_SHARE);
  }

  /** Nothing passes for this long. */
  stall(forMs: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.#world.time.nowMs + forMs);
  }

  /** Rejects with `StoreUnavailableError` or `StoreUnsettledError`, as the real client does. */
  call<Reply>(what: string, command: () => Promise<Reply>): Promise<Reply> {
    const { time } = this.#world;
    return new Promise<Reply>((resolve, reject) => {
      if (!this.#isConnected() || this.#world.hits('store request refused')) {
        reject(new StoreUnavailableError('the simulated store is not reached'));
        return;
      }
      const sentAtMs = time.nowMs;
      const reaches = !this.#world.hits('store request lost');
      const one: Waiting = { what, sentAtMs, reject, reaches };
      this.#waiting.add(one);
      this.#arrivesMs = this.#next(this.#arrivesMs);
      if (this.#arrivesMs - sentAtMs > COMMAND_LIMIT_MS) {
        const limitMs = sentAtMs + COMMAND_LIMIT_MS;
        this.#life.receive(limitMs, () => this.#giveUp(one, 'no reply within the limit'));
      }
      time.at(this.#arrivesMs, () => this.#arrive(one, command, resolve));
    });
  }

  #isConnected(): boolean {
    return this.#store.isUp && this.#world.time.nowMs >= this.#backAtMs;
  }

  /** Behind everything that goes the same way. */
  #next(lastMs: number): number {
    const { time } = this.#world;
    return Math.max(lastMs, this.#stalledUntilMs, time.nowMs + this.#world.delayMs());
  }

  #arrive<Reply>(one: Waiting, command: () => Promise<Reply>, resolve: (reply: Reply) => void) {
    const { time, trace } = this.#world;
    const life = this.#life;
    if (!one.reaches) {
      const toldMs = time.nowMs + this.#world.delayMs();
      life.receive(toldMs, () => this.#giveUp(one, 'the connection broke'));
      return;
    }
    const { number, reply } = this.#store.run(`${life.name} ${one.what}`, command);
    const lost = this.#world.hits('store reply lost');
    const answeredMs = this.#next(this.#answersMs);
    this.#answersMs = answeredMs;
    const limitMs = one.sentAtMs + COMMAND_LIMIT_MS;
    const atMs = Math.min(answeredMs, Math.max(time.nowMs, limitMs));
    const hear = (value: Reply): void => {
      if (lost || answeredMs > limitMs || time.nowMs > limitMs) {
        this.#giveUp(one, 'the reply did not come');
      } else if (this.#over(one) !== null) {
        this.#heard = number;
        trace.note(life.name, 'hears of', `#${number}`);
        resolve(value);
      }
    };
    reply.then(
      (value) => life.receive(atMs, () => hear(value)),
      (error: unknown) => life.receive(atMs, () => this.#over(one)?.(error)),
    );
  }

  #giveUp(one: Waiting, why: string): void {
    this.#over(one)?.(unsettled(why));
  }

  /** Nobody waits for it any more; gives who did. */
  #over(one: Waiting): Waiting['reject'] {
    const { reject } = one;
    one.reject = null;
    this.#waiting.delete(one);
    return reject;
  }

  #break(awayMs: number, reachedShare: number): void {
    const { time, chance } = this.#world;
    this.#backAtMs = Math.max(this.#backAtMs, time.nowMs + awayMs);
    this.#stalledUntilMs = 0;
    this.#arrivesMs = 0;
    this.#answersMs = 0;
    for (const one of [...this.#waiting]) {
      one.reaches &&= chance.happens(reachedShare);
      const reject = this.#over(one);
      this.#life.receive(time.nowMs, () => reject?.(unsettled('the connection broke')));
    }
  }
}

function unsettled(why: string): StoreUnsettledError {
  return new StoreUnsettledError(`the simulated store may have run it: ${why}`);
}
