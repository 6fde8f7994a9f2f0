import type { SeatMap } from '@holdfast/db/model';
import { sectionDigest } from '../protocol/digest.ts';
import { PAYLOAD_SEATS_MAX } from '../protocol/limits.ts';
import {
  createSeatChanges,
  decodeFullState,
  decodeSeatChanges,
  type PayloadKind,
} from '../protocol/seat-payload.ts';

/** The part of a chart's section that a viewer needs. */
export type SectionRange = { readonly start: number; readonly seatCount: number };

/** What a viewer shows: one byte a seat, changed only by whole payloads that could be read. */
export class SeatPicture {
  readonly map: SeatMap;
  readonly #sections: readonly SectionRange[];
  readonly #changes = createSeatChanges();
  readonly #states = new Uint8Array(PAYLOAD_SEATS_MAX);
  readonly #dirty = new Uint32Array(PAYLOAD_SEATS_MAX);

  /** `sections` in the chart's order, each of at most `SECTION_SEATS_MAX` seats. */
  constructor(sections: readonly SectionRange[]) {
    let end = 0;
    for (const section of sections) end = Math.max(end, section.start + section.seatCount);
    this.map = new Uint8Array(end);
    this.#sections = sections;
  }

  /**
   * Applies a payload to a section. Gives the event-wide indexes of the seats that look different
   * now, in a view that lives until the next call; null if the payload cannot be read, and then
   * nothing changed.
   */
  apply(section: number, kind: PayloadKind, payload: string): Uint32Array | null {
    const range = this.#sections[section];
    if (range === undefined) return null;
    const { start, seatCount } = range;
    let dirty = 0;
    if (kind === 'full') {
      if (!decodeFullState(payload, seatCount, this.#states)) return null;
      for (let index = 0; index < seatCount; index += 1) {
        dirty = this.#put(start + index, this.#states[index] ?? 0, dirty);
      }
      return this.#dirty.subarray(0, dirty);
    }
    const changes = this.#changes;
    if (!decodeSeatChanges(payload, seatCount, changes)) return null;
    for (let at = 0; at < changes.count; at += 1) {
      dirty = this.#put(start + (changes.indexes[at] ?? 0), changes.states[at] ?? 0, dirty);
    }
    return this.#dirty.subarray(0, dirty);
  }

  digest(section: number): number {
    const range = this.#sections[section];
    return range === undefined
      ? 0
      : sectionDigest(this.map, range.start, range.start + range.seatCount);
  }

  #put(seat: number, state: number, dirty: number): number {
    if (this.map[seat] === state) return dirty;
    this.map[seat] = state;
    this.#dirty[dirty] = seat;
    return dirty + 1;
  }
}
