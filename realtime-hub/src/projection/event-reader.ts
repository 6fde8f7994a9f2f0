import {
  type Ambient,
  type CatchUpReply,
  compareEpochs,
  type EventHead,
  type HoldStore,
  type Position,
  samePosition,
} from '@holdfast/db/model';
import { type DeltaEntry, deltaEntry } from '../emitter/delta.ts';
import { retryDelayMs } from '../retry/retry-delay.ts';
import { SingleTimer } from '../retry/single-timer.ts';
import { EarlyEntries } from './early-entries.ts';
import type { ReaderCounters } from './reader-counters.ts';
import type { SeatProjection } from './seat-projection.ts';

/** Told of everything that happens to a projection, in the order in which it happens. */
export interface ProjectionListener {
  applied(projection: SeatProjection, entry: DeltaEntry): void;
  /** All seats may be different, the epoch too. */
  reloaded(projection: SeatProjection): void;
  /** A comparison changed seats that no entry had touched. */
  repaired(projection: SeatProjection): void;
  saleChanged(projection: SeatProjection): void;
  /** The store was not reached for too long, or is again (`projection.reached`). */
  reachedChanged(projection: SeatProjection): void;
  /** The event has no open state: never loaded, or being loaded. Told again at each attempt. */
  loading(projection: SeatProjection): void;
}

export type EventReaderParts = {
  readonly projection: SeatProjection;
  readonly store: HoldStore;
  readonly ambient: Ambient;
  readonly counters: ReaderCounters;
  readonly listener: ProjectionListener;
  readonly onFailure: (error: unknown) => void;
};

/** A hole in the chain this old is asked from the feed; at most one pull in this time. */
const TICK_MS = 50;
const PULL_LIMIT = 1_000;
const RELOAD_RETRY = { firstMs: 100, mostMs: 1_000 };

/** In the order of their weight. `hole`: a pull, if by then the chain has not closed by itself. */
const TASKS = ['reload', 'pull', 'hole', 'compare'] as const;
type Task = (typeof TASKS)[number];

/**
 * Keeps one projection true. Deltas are hints: they are applied where they continue the chain and
 * wait where they do not. Whatever stays missing is read from the store, one call at a time: the
 * feed from the projection's position, or a snapshot where the feed cannot help. A store that went
 * back (`rewritten`) gets a new epoch first, so that nobody mixes the two histories.
 */
export class EventReader {
  readonly #parts: EventReaderParts;
  readonly #early = new EarlyEntries();
  /** What is to be done, and the monotonic instant before which it must not begin. */
  readonly #wanted = new Map<Task, number>();
  readonly #timer: SingleTimer;
  #working: boolean = false;
  #stopped: boolean = false;
  #pulledAtMs: number = Number.NEGATIVE_INFINITY;
  /** Reloads in a row that gave no state. */
  #failedReloads: number = 0;

  constructor(parts: EventReaderParts) {
    this.#parts = parts;
    this.#timer = new SingleTimer(parts.ambient.timers);
  }

  get projection(): SeatProjection {
    return this.#parts.projection;
  }

  /** Begins with the first snapshot. */
  start(): void {
    this.#want('reload');
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.disarm();
  }

  /** Takes an entry that some process told. */
  offer(epoch: string, entry: DeltaEntry): void {
    const { projection } = this;
    if (!projection.ready) {
      this.#early.keep(epoch, entry);
      return;
    }
    const order = compareEpochs(epoch, projection.position.epoch);
    if (order < 0) return;
    if (order > 0) {
      this.#early.keep(epoch, entry);
      this.#want('pull');
      return;
    }
    this.#take(entry);
    this.#closeHoles();
  }

  /** Takes the store's head as it was at some time after `sentAtMs`, when `seen` was mine. */
  noteHead(head: EventHead | null, seen: Position, sentAtMs: number): void {
    const { projection } = this;
    if (this.#stopped || !projection.ready) return;
    if (head === null) {
      this.#beginAnew();
      return;
    }
    if (projection.noteHead(head)) this.#parts.listener.saleChanged(projection);
    const known =
      samePosition(head.position, seen) || samePosition(head.position, projection.position);
    if (known) projection.noteVerified(sentAtMs);
    else this.#want('pull');
  }

  /** Tells when the last proof that this map is the newest has become too old, and when it is not. */
  judgeReached(): void {
    const { projection } = this;
    const nowMs = this.#parts.ambient.clock.monotonicMs();
    if (projection.ready && projection.judgeReached(nowMs)) {
      this.#parts.listener.reachedChanged(projection);
    }
  }

  /** Compares with a fresh snapshot when nothing else is to be done. */
  compare(): void {
    if (this.projection.ready) this.#want('compare');
  }

  // --- entries ---

  #take(entry: DeltaEntry): boolean {
    const { counters, listener } = this.#parts;
    const outcome = this.projection.apply(entry);
    if (outcome === 'applied') {
      counters.applied += 1;
      listener.applied(this.projection, entry);
      return true;
    }
    if (outcome === 'early') {
      counters.early += 1;
      this.#early.keep(this.projection.position.epoch, entry);
    }
    if (outcome === 'foreign') this.#want('reload');
    return false;
  }

  /** Applies what waited for its turn; what is still missing a tick later is pulled. */
  #closeHoles(): void {
    if (this.#early.size === 0) return;
    for (;;) {
      const { epoch, chain } = this.projection.position;
      const next = this.#early.take(epoch, chain);
      if (next === undefined || !this.#take(next)) break;
    }
    const { epoch, offset } = this.projection.position;
    this.#early.prune(epoch, offset);
    if (this.#early.size > 0) this.#want('hole', TICK_MS);
  }

  // --- store ---

  /** Notes a task for `delayMs` from now; one that is noted already keeps its instant. */
  #want(task: Task, delayMs = 0): void {
    const atMs = this.#parts.ambient.clock.monotonicMs() + delayMs;
    if (!this.#wanted.has(task)) this.#wanted.set(task, atMs);
    this.#work();
  }

  /** Runs the weightiest task whose instant has come; one call to the store at a time. */
  #work(): void {
    if (this.#working || this.#stopped) return;
    const nowMs = this.#parts.ambient.clock.monotonicMs();
    let wakeAtMs = Number.POSITIVE_INFINITY;
    for (const task of TASKS) {
      const atMs = this.#notBeforeMs(task);
      if (atMs <= nowMs) {
        this.#wanted.delete(task);
        this.#begin(task);
        return;
      }
      wakeAtMs = Math.min(wakeAtMs, atMs);
    }
    if (wakeAtMs < Number.POSITIVE_INFINITY) {
      this.#timer.arm(wakeAtMs - nowMs, () => this.#work());
    }
  }

  /** The feed is read at most once a tick, whoever wants it. */
  #notBeforeMs(task: Task): number {
    const atMs = this.#wanted.get(task);
    if (atMs === undefined) return Number.POSITIVE_INFINITY;
    const reads = task === 'pull' || task === 'hole';
    return reads ? Math.max(atMs, this.#pulledAtMs + TICK_MS) : atMs;
  }

  #begin(task: Task): void {
    this.#working = true;
    this.#run(task)
      .catch((error: unknown) => {
        this.#parts.counters.failures += 1;
        this.#parts.onFailure(error);
        // A missed comparison comes round again; a missed pull is noticed by the next head.
        if (task === 'reload') this.#reloadLater();
      })
      .finally(() => {
        this.#working = false;
        this.#work();
      });
  }

  async #run(task: Task): Promise<void> {
    if (task === 'reload') return await this.#reload();
    if (!this.projection.ready) return;
    if (task === 'compare') return await this.#compareNow();
    if (task === 'pull' || this.#early.size > 0) await this.#pull();
  }

  async #reload(): Promise<void> {
    const { store, counters, listener, ambient } = this.#parts;
    const { projection } = this;
    const sentAtMs = ambient.clock.monotonicMs();
    const reply = await store.snapshot(projection.event);
    if (this.#stopped) return;
    if (reply.outcome === 'event.loading') {
      projection.unload();
      listener.loading(projection);
      this.#reloadLater();
      return;
    }
    const { position } = reply;
    if (this.#wentBack(position.epoch)) {
      await this.#renew(position.epoch);
      this.#reloadLater();
      return;
    }
    const older =
      position.epoch === projection.position.epoch && position.offset < projection.position.offset;
    if (projection.ready && older) {
      // Deltas overtook the snapshot: taking it would take viewers back.
      this.#reloadLater();
      return;
    }
    counters.reloads += 1;
    this.#failedReloads = 0;
    // Whoever follows the event was last told the sale of the load before.
    const saleChanged = projection.reloads > 0 && projection.sale !== reply.sale;
    projection.load(reply.map, reply.position, reply.chartHash, reply.sale);
    projection.noteVerified(sentAtMs);
    listener.reloaded(projection);
    if (saleChanged) listener.saleChanged(projection);
    this.#closeHoles();
  }

  /**
   * The store is in an epoch before one that viewers have seen. Offsets and late frames of that
   * epoch's first course would mix with those of its second, so it is renewed, once: should the
   * store's clock have gone back too, its word is taken all the same.
   */
  #wentBack(epoch: string): boolean {
    const { projection } = this;
    const known = projection.reloads > 0 && this.#failedReloads === 0;
    return known && compareEpochs(epoch, projection.position.epoch) < 0;
  }

  #reloadLater(): void {
    const { ambient } = this.#parts;
    const delayMs = retryDelayMs(this.#failedReloads, RELOAD_RETRY, ambient.random);
    this.#failedReloads += 1;
    this.#want('reload', delayMs);
  }

  #beginAnew(): void {
    this.projection.unload();
    this.#parts.listener.loading(this.projection);
    this.#reloadLater();
  }

  /** True if the store has gone on from where this projection is. */
  async #pull(): Promise<boolean> {
    const { store, counters, ambient } = this.#parts;
    const { projection } = this;
    const sentAtMs = ambient.clock.monotonicMs();
    this.#pulledAtMs = sentAtMs;
    counters.pulls += 1;
    const seen = projection.position;
    const reply = await store.catchUp(projection.event, { ...seen, limit: PULL_LIMIT });
    if (this.#stopped) return false;
    switch (reply.outcome) {
      case 'entries':
        this.#takeEntries(reply, sentAtMs);
        return true;
      case 'rewritten':
        await this.#renew(seen.epoch);
        this.#want('reload');
        break;
      case 'trimmed':
      case 'other-epoch':
        this.#want('reload');
        break;
      case 'event.loading':
        this.#beginAnew();
        break;
    }
    return false;
  }

  /** Compare-and-set: of all readers that saw the same epoch, one renews it. */
  async #renew(seenEpoch: string): Promise<void> {
    const { store, counters } = this.#parts;
    const reply = await store.newEpoch(this.projection.event, { seenEpoch });
    if (reply.outcome === 'renewed') counters.renewals += 1;
  }

  #takeEntries(reply: CatchUpReply & { outcome: 'entries' }, sentAtMs: number): void {
    for (const entry of reply.entries) {
      if (this.#take(deltaEntry(entry))) this.#parts.counters.pulled += 1;
    }
    this.#closeHoles();
    if (reply.entries.length >= PULL_LIMIT) this.#want('pull');
    else this.projection.noteVerified(sentAtMs);
  }

  async #compareNow(): Promise<void> {
    const { store, counters, listener } = this.#parts;
    const { projection } = this;
    const reply = await store.snapshot(projection.event);
    if (this.#stopped || reply.outcome === 'event.loading') return;
    const { epoch, offset } = reply.position;
    if (epoch !== projection.position.epoch) return;
    // At another offset the chains cannot be compared; the feed proves that both are one history.
    if (offset !== projection.position.offset && !(await this.#pull())) return;
    const { position } = projection;
    // What cannot be compared now is left to the next head and the next comparison.
    if (this.#stopped || epoch !== position.epoch || offset > position.offset) return;
    if (offset === position.offset && reply.position.chain !== position.chain) return;
    counters.compared += 1;
    const repaired = projection.repair(reply.map, offset);
    counters.repairs += repaired;
    if (repaired > 0) listener.repaired(projection);
  }
}
