import type { Ambient, CancelTimer, EventId, FeedEntry, HoldStore } from '@holdfast/db/model';
import { decodeDelta, deltaEntry } from '../emitter/delta.ts';
import { EventReader, type ProjectionListener } from './event-reader.ts';
import { createReaderCounters, type ReaderCounters } from './reader-counters.ts';
import { SeatProjection } from './seat-projection.ts';

/**
 * Projections of the events that a process cares for, kept true by three nets: deltas at once, the
 * heads of all events once a second, all at once (a lost last delta shows there), a whole
 * snapshot of each every half minute (a wrong seat shows there, and must never).
 */
export interface Reader {
  /** Begins to project an event, or gives the projection that is there. */
  project(event: EventId): SeatProjection;
  /** The projection if it is kept; does not begin one. */
  find(event: EventId): SeatProjection | undefined;
  /** Resolves with whether the projection is ready, at once or within `limitMs`. */
  whenReady(event: EventId, limitMs: number): Promise<boolean>;
  /** Takes a delta as it came from another process; what is none is counted and left. */
  offer(message: unknown): void;
  /** Takes what this process itself just wrote: a sender gets no echo of its own deltas. */
  feed(event: EventId, epoch: string, entries: readonly FeedEntry[]): void;
  drop(event: EventId): void;
  readonly counters: Readonly<ReaderCounters>;
  readonly projections: readonly SeatProjection[];
  stop(): void;
}

export type ReaderOptions = {
  readonly store: HoldStore;
  readonly ambient: Ambient;
  readonly listener?: Partial<ProjectionListener>;
  /** An event without open state was met (again): whoever loads events should hear of it. */
  readonly onLoading?: (event: EventId) => void;
  readonly onFailure?: (error: unknown) => void;
};

const HEADS_PERIOD_MS = 1_000;
const COMPARE_PERIOD_MS = 30_000;
/** Comparisons of many events and processes spread over this part of the period. */
const COMPARE_JITTER = 0.5;

type KeptEvent = {
  readonly reader: EventReader;
  compareAtMs: number;
  /** Callers of `whenReady`. */
  readonly waiting: Set<() => void>;
};

export function createReader(options: ReaderOptions): Reader {
  return new StoreReader(options);
}

class StoreReader implements Reader {
  readonly counters: ReaderCounters = createReaderCounters();
  readonly #options: ReaderOptions;
  readonly #listener: ProjectionListener;
  readonly #events = new Map<EventId, KeptEvent>();
  readonly #stopHeads: CancelTimer;
  #asking: boolean = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    const { listener, onLoading, ambient } = options;
    this.#listener = {
      applied: (projection, entry) => listener?.applied?.(projection, entry),
      reloaded: (projection) => {
        listener?.reloaded?.(projection);
        this.#wake(projection.event);
      },
      repaired: (projection) => listener?.repaired?.(projection),
      saleChanged: (projection) => listener?.saleChanged?.(projection),
      reachedChanged: (projection) => listener?.reachedChanged?.(projection),
      loading: (projection) => {
        onLoading?.(projection.event);
        listener?.loading?.(projection);
      },
    };
    this.#stopHeads = ambient.timers.every(HEADS_PERIOD_MS, () => this.#tend());
  }

  get projections(): SeatProjection[] {
    return [...this.#events.values()].map(({ reader }) => reader.projection);
  }

  project(event: EventId): SeatProjection {
    const known = this.#events.get(event);
    if (known !== undefined) return known.reader.projection;
    const { store, ambient } = this.#options;
    const reader = new EventReader({
      projection: new SeatProjection(event),
      store,
      ambient,
      counters: this.counters,
      listener: this.#listener,
      onFailure: this.#options.onFailure ?? (() => undefined),
    });
    this.#events.set(event, {
      reader,
      compareAtMs: this.#nextCompareMs(),
      waiting: new Set(),
    });
    reader.start();
    return reader.projection;
  }

  find(event: EventId): SeatProjection | undefined {
    return this.#events.get(event)?.reader.projection;
  }

  whenReady(event: EventId, limitMs: number): Promise<boolean> {
    const projection = this.project(event);
    const waiting = this.#events.get(event)?.waiting;
    if (projection.ready || waiting === undefined) return Promise.resolve(projection.ready);
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        waiting.delete(done);
        resolve(projection.ready);
      };
      const cancel = this.#options.ambient.timers.after(limitMs, done);
      waiting.add(done);
    });
  }

  offer(message: unknown): void {
    const delta = decodeDelta(message);
    if (delta === null) {
      this.counters.unreadable += 1;
      return;
    }
    const reader = this.#events.get(delta.event)?.reader;
    if (reader === undefined) return;
    for (const entry of delta.entries) reader.offer(delta.epoch, entry);
  }

  feed(event: EventId, epoch: string, entries: readonly FeedEntry[]): void {
    const reader = this.#events.get(event)?.reader;
    if (reader === undefined) return;
    for (const entry of entries) reader.offer(epoch, deltaEntry(entry));
  }

  drop(event: EventId): void {
    this.#events.get(event)?.reader.stop();
    this.#wake(event);
    this.#events.delete(event);
  }

  stop(): void {
    this.#stopHeads();
    for (const event of [...this.#events.keys()]) this.drop(event);
  }

  #wake(event: EventId): void {
    for (const done of [...(this.#events.get(event)?.waiting ?? [])]) done();
  }

  /** Once a second: heads of all, and comparisons that are due. */
  #tend(): void {
    const nowMs = this.#options.ambient.clock.monotonicMs();
    for (const kept of this.#events.values()) {
      kept.reader.judgeReached();
      if (kept.compareAtMs > nowMs) continue;
      kept.compareAtMs = this.#nextCompareMs();
      kept.reader.compare();
    }
    if (this.#asking || this.#events.size === 0) return;
    this.#asking = true;
    this.#askHeads()
      .catch((error: unknown) => {
        this.counters.failures += 1;
        this.#options.onFailure?.(error);
      })
      .finally(() => {
        this.#asking = false;
      });
  }

  async #askHeads(): Promise<void> {
    const sentAtMs = this.#options.ambient.clock.monotonicMs();
    // Each for itself: while a part of a cluster is away, the events of the others go on.
    const asking = [...this.#events.values()].map(async ({ reader }) => {
      const seen = reader.projection.position;
      const [head = null] = await this.#options.store.heads([reader.projection.event]);
      reader.noteHead(head, seen, sentAtMs);
    });
    for (const asked of await Promise.allSettled(asking)) {
      if (asked.status === 'rejected') throw asked.reason;
    }
  }

  #nextCompareMs(): number {
    const { clock, random } = this.#options.ambient;
    const jitter = 1 + (random.fraction() - 0.5) * COMPARE_JITTER;
    return clock.monotonicMs() + COMPARE_PERIOD_MS * jitter;
  }
}
