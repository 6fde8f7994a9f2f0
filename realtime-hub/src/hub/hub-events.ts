import type { Ambient, CancelTimer, EventId, HoldStore, SaleState } from '@holdfast/db/model';
import { EventChannel } from '../event/event-channel.ts';
import type { RoomSink } from '../event/room-frames.ts';
import { layOut } from '../event/section-layout.ts';
import { createReader, type Reader } from '../projection/reader.ts';
import type { SeatProjection } from '../projection/seat-projection.ts';
import { type HubRefusal, hubRefusal } from '../protocol/refusal.ts';
import type { ChartSections } from './chart-sections.ts';

/** What goes to every socket of an event in this process. */
export interface EventSink extends RoomSink {
  sale(event: EventId, sale: SaleState): void;
  truth(event: EventId, reached: boolean): void;
  again(event: EventId, refusal: HubRefusal): void;
  /** A new life of the event began: holds of the one before may be forgotten. */
  epochBegan(event: EventId): void;
}

export type HubEventsParts = {
  readonly store: HoldStore;
  readonly ambient: Ambient;
  readonly sectionsOf: ChartSections;
  readonly sink: EventSink;
  readonly onLoading: (event: EventId) => void;
  readonly onFailure: (error: unknown) => void;
};

type Visits = { sockets: number; emptySinceMs: number };

/** An event that nobody watches is projected this much longer. */
const IDLE_KEPT_MS = 60_000;
const IDLE_CHECK_MS = 10_000;

/**
 * The events of this hub: each is projected and has a channel from its first socket until some
 * time after its last.
 */
export class HubEvents {
  readonly reader: Reader;
  readonly #parts: HubEventsParts;
  readonly #channels = new Map<EventId, EventChannel>();
  readonly #visits = new Map<EventId, Visits>();
  readonly #loading = new Set<EventId>();
  /** The last epoch of each projected event. */
  readonly #epochs = new Map<EventId, string>();
  readonly #stopIdleCheck: CancelTimer;

  constructor(parts: HubEventsParts) {
    this.#parts = parts;
    const { store, ambient, sink, onLoading, onFailure } = parts;
    this.reader = createReader({
      store,
      ambient,
      onFailure,
      onLoading,
      listener: {
        applied: ({ event }, entry) => this.#channels.get(event)?.applied(entry),
        repaired: ({ event }) => this.#channels.get(event)?.repaired(),
        reloaded: (projection) => this.#reloaded(projection),
        saleChanged: ({ event, sale }) => sink.sale(event, sale),
        reachedChanged: ({ event, reached }) => sink.truth(event, reached),
        loading: ({ event }) => this.#nowLoading(event),
      },
    });
    this.#stopIdleCheck = ambient.timers.every(IDLE_CHECK_MS, () => this.#dropIdle());
  }

  /** A socket came for the event; the returned function tells that it went, once. */
  visit(event: EventId): () => void {
    const visits = this.#visits.get(event) ?? { sockets: 0, emptySinceMs: 0 };
    this.#visits.set(event, visits);
    visits.sockets += 1;
    this.reader.project(event);
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      visits.sockets -= 1;
      visits.emptySinceMs = this.#parts.ambient.clock.monotonicMs();
    };
  }

  /** The event's channel once its seats are projected; null if that takes longer than `limitMs`. */
  async ready(event: EventId, limitMs: number): Promise<EventChannel | null> {
    if (!(await this.reader.whenReady(event, limitMs))) return null;
    const projection = this.reader.find(event);
    if (projection === undefined) return null;
    const known = this.#channels.get(event);
    if (known !== undefined) return known;
    const { chartHash } = projection;
    const sections = await this.#parts.sectionsOf(chartHash);
    // Meanwhile another request may have opened it, or the event begun anew.
    const opened = this.#channels.get(event);
    if (opened !== undefined) return opened;
    if (sections === null || !projection.ready || projection.chartHash !== chartHash) return null;
    const layout = layOut(event, chartHash, sections);
    if (layout.seatCount !== projection.map.length) return null;
    const { ambient, sink } = this.#parts;
    const channel = new EventChannel({ projection, layout, ambient, sink });
    this.#channels.set(event, channel);
    return channel;
  }

  /** Whether the channel may be used in this very instant. */
  isCurrent(channel: EventChannel): boolean {
    const { projection } = channel;
    return projection.ready && this.#channels.get(projection.event) === channel;
  }

  stop(): void {
    this.#stopIdleCheck();
    this.reader.stop();
    for (const channel of this.#channels.values()) channel.stop();
    this.#channels.clear();
  }

  #reloaded(projection: SeatProjection): void {
    const { event, chartHash } = projection;
    this.#loading.delete(event);
    this.#noteEpoch(event, projection.position.epoch);
    const channel = this.#channels.get(event);
    if (channel === undefined) return;
    if (channel.layout.chartHash === chartHash) {
      channel.reloaded();
      return;
    }
    // Another chart: the next answers carry its hash, and pages fetch it.
    channel.stop();
    this.#channels.delete(event);
    this.#parts.sink.again(event, hubRefusal('chart.changed'));
  }

  #noteEpoch(event: EventId, epoch: string): void {
    const before = this.#epochs.get(event);
    this.#epochs.set(event, epoch);
    if (before !== undefined && before !== epoch) this.#parts.sink.epochBegan(event);
  }

  #nowLoading(event: EventId): void {
    if (this.#loading.has(event)) return;
    this.#loading.add(event);
    this.#parts.sink.again(event, hubRefusal('event.loading'));
  }

  #dropIdle(): void {
    const nowMs = this.#parts.ambient.clock.monotonicMs();
    for (const [event, { sockets, emptySinceMs }] of this.#visits) {
      if (sockets > 0 || nowMs - emptySinceMs < IDLE_KEPT_MS) continue;
      this.#visits.delete(event);
      this.#loading.delete(event);
      this.#epochs.delete(event);
      this.#channels.get(event)?.stop();
      this.#channels.delete(event);
      this.reader.drop(event);
    }
  }
}
