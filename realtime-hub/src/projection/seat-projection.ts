import {
  type EventHead,
  type EventId,
  NOWHERE,
  type Position,
  type SaleState,
  type SeatMap,
} from '@holdfast/db/model';
import type { DeltaEntry } from '../emitter/delta.ts';

/** Heads are compared once a second; so many missed in a row are no chance. */
export const REACHED_LIMIT_MS = 3_500;

/**
 * A process's own copy of an event's seats: one byte a seat, the offset that last touched each, and
 * the position that they belong to. It changes only by entries that continue its chain, by a whole
 * snapshot, or by a repair that is counted. Others read it; only its `EventReader` writes.
 */
export class SeatProjection {
  readonly event: EventId;
  #ready: boolean = false;
  #map: SeatMap = new Uint8Array(0);
  #touched: Float64Array = new Float64Array(0);
  #position: Position = NOWHERE;
  #chartHash: string = '';
  #sale: SaleState = 'draft';
  #head: EventHead | null = null;
  #verifiedAtMs: number = Number.NEGATIVE_INFINITY;
  #reached: boolean = true;
  #reloads: number = 0;
  #repairs: number = 0;

  constructor(event: EventId) {
    this.event = event;
  }

  /** False until the first snapshot, and again while the event has no open state. */
  get ready(): boolean {
    return this.#ready;
  }

  /** One byte a seat. A reload replaces the array: take it anew in every synchronous block. */
  get map(): SeatMap {
    return this.#map;
  }

  /** The offset that last touched each seat; after a reload, the loaded one for all of them. */
  get touched(): Float64Array {
    return this.#touched;
  }

  get position(): Position {
    return this.#position;
  }

  get chartHash(): string {
    return this.#chartHash;
  }

  get sale(): SaleState {
    return this.#sale;
  }

  /** What the store said last of the event; null before the first answer. */
  get head(): EventHead | null {
    return this.#head;
  }

  /** The monotonic instant at which the store last confirmed that this position is its head. */
  get verifiedAtMs(): number {
    return this.#verifiedAtMs;
  }

  /** False while the store has not confirmed any position for too long: the map may be old. */
  get reached(): boolean {
    return this.#reached;
  }

  get reloads(): number {
    return this.#reloads;
  }

  get repairs(): number {
    return this.#repairs;
  }

  /** Takes a whole snapshot; every seat counts as touched by it. */
  load(map: SeatMap, position: Position, chartHash: string, sale: SaleState): void {
    this.#map = Uint8Array.from(map);
    this.#touched = new Float64Array(map.length).fill(position.offset);
    this.#position = position;
    this.#chartHash = chartHash;
    this.#sale = sale;
    this.#ready = true;
    this.#reloads += 1;
  }

  unload(): void {
    this.#ready = false;
  }

  /**
   * Applies an entry of this epoch iff it continues the chain. `foreign`: it names a seat that the
   * event does not have, so something is badly wrong and nothing was applied.
   */
  apply(entry: DeltaEntry): 'applied' | 'known' | 'early' | 'foreign' {
    const { position } = this;
    if (entry.offset <= position.offset) return 'known';
    if (entry.prev !== position.chain || entry.offset !== position.offset + 1) return 'early';
    const { seats, states } = entry;
    if (seats.some((seat) => seat >= this.#map.length)) return 'foreign';
    for (let at = 0; at < seats.length; at += 1) {
      const seat = seats[at] ?? 0;
      this.#map[seat] = states[at] ?? 0;
      this.#touched[seat] = entry.offset;
    }
    this.#position = { epoch: position.epoch, offset: entry.offset, chain: entry.chain };
    return 'applied';
  }

  /**
   * Compares with a snapshot taken at `offset` of the same epoch, at or before this position, and
   * takes the snapshot's word where they differ. Seats touched since then cannot be compared. Gives
   * the number of repaired seats, which must be 0.
   */
  repair(map: SeatMap, offset: number): number {
    let repaired = 0;
    for (let seat = 0; seat < map.length; seat += 1) {
      const state = map[seat] ?? 0;
      if ((this.#touched[seat] ?? 0) > offset || this.#map[seat] === state) continue;
      this.#map[seat] = state;
      this.#touched[seat] = this.#position.offset;
      repaired += 1;
    }
    this.#repairs += repaired;
    return repaired;
  }

  /** Notes the store's head; true if the sale state is another one now. */
  noteHead(head: EventHead): boolean {
    const changed = head.sale !== this.#sale;
    this.#head = head;
    this.#sale = head.sale;
    return changed;
  }

  /** Judges `reached` at this monotonic instant; true if it is another one now. */
  judgeReached(nowMs: number): boolean {
    const reached = nowMs - this.#verifiedAtMs <= REACHED_LIMIT_MS;
    const changed = reached !== this.#reached;
    this.#reached = reached;
    return changed;
  }

  noteVerified(atMs: number): void {
    this.#verifiedAtMs = Math.max(this.#verifiedAtMs, atMs);
  }
}
