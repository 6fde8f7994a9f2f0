import type { SeatProjection } from '../projection/seat-projection.ts';
import { createSeatChanges, encodeFullState, encodeSeats } from '../protocol/seat-payload.ts';
import type { SectionAnswer, WatchAnswer } from '../protocol/watch-answer.ts';
import type { WatchRequest } from '../protocol/watch-request.ts';
import type { SectionLayout } from './section-layout.ts';

/** Shared by all events: an answer is built in one go. */
const changes = createSeatChanges();

/**
 * Answers `watch` from the projection as it is at this instant. The full state of a section is
 * encoded once for all who join until a seat of it is touched.
 */
export class WatchAnswers {
  readonly #projection: SeatProjection;
  readonly #layout: SectionLayout;
  /** The offset that last touched each section. */
  readonly #touched: Float64Array;
  readonly #full: (string | null)[];
  readonly #all: readonly number[];

  constructor(projection: SeatProjection, layout: SectionLayout) {
    this.#projection = projection;
    this.#layout = layout;
    this.#touched = new Float64Array(layout.sections.length);
    this.#full = new Array<string | null>(layout.sections.length).fill(null);
    this.#all = layout.sections.map((_, section) => section);
    this.allTouched();
  }

  touched(section: number, offset: number): void {
    this.#touched[section] = offset;
    this.#full[section] = null;
  }

  allTouched(): void {
    this.#touched.fill(this.#projection.position.offset);
    this.#full.fill(null);
  }

  /** Every section of the request must exist. */
  answer(request: WatchRequest): WatchAnswer {
    const { position, chartHash, sale, reached, map } = this.#projection;
    const sections = request.sections === 'all' ? this.#all : request.sections;
    const sameEpoch = request.epoch === position.epoch;
    const from = new Map(sameEpoch ? request.offsets : []);
    return {
      outcome: 'watching',
      epoch: position.epoch,
      offset: position.offset,
      chartHash,
      seatCount: map.length,
      sale,
      reached,
      sections: sections.map((section) => this.#answerFor(section, from.get(section))),
    };
  }

  #answerFor(section: number, from: number | undefined): SectionAnswer {
    if (from === undefined) return [section, 'full', this.#fullState(section)];
    if (from >= (this.#touched[section] ?? 0)) return [section, 'current'];
    const { start, seatCount } = this.#rangeOf(section);
    const { map, touched } = this.#projection;
    changes.count = 0;
    for (let index = 0; index < seatCount; index += 1) {
      if ((touched[start + index] ?? 0) <= from) continue;
      changes.indexes[changes.count] = index;
      changes.states[changes.count] = map[start + index] ?? 0;
      changes.count += 1;
    }
    const { kind, payload } = encodeSeats(changes, map, start, start + seatCount);
    return [section, kind, payload];
  }

  #fullState(section: number): string {
    const known = this.#full[section];
    if (typeof known === 'string') return known;
    const { start, seatCount } = this.#rangeOf(section);
    const state = encodeFullState(this.#projection.map, start, start + seatCount);
    this.#full[section] = state;
    return state;
  }

  #rangeOf(section: number): { readonly start: number; readonly seatCount: number } {
    return this.#layout.sections[section] ?? { start: 0, seatCount: 0 };
  }
}
