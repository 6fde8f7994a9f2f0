import type { ViewerMap } from '@holdfast/db/audit';
import type { Chart } from '@holdfast/db/model';
import { changesOf, digestOf, fullStateOf } from './wire-seats.ts';

type Sections = 'all' | readonly number[];

/** What a `watch` asks: everything watched, from where each section is. */
type Question = {
  readonly sections: Sections;
  readonly epoch?: string;
  readonly offsets?: readonly (readonly [section: number, offset: number])[];
};

/**
 * Seats and how far each section is, as told by answers, frames and beats. Every text is read by its
 * description; whatever cannot be read throws, for in a test that is a finding by itself.
 */
export class WirePicture {
  readonly #sections: Chart['sections'];
  readonly #watched: Sections;
  readonly #map: Uint8Array;
  /** How far each section is; absent while nothing is known of it. */
  readonly #offsets = new Map<number, number>();
  #epoch: string | null = null;
  wrongDigests: number = 0;
  gaps: number = 0;

  constructor(sections: Chart['sections'], watched: Sections) {
    this.#sections = sections;
    this.#watched = watched;
    this.#map = new Uint8Array(sections.reduce((sum, { seatCount }) => sum + seatCount, 0));
  }

  /** Whether every watched section is known. */
  isWhole(): boolean {
    return this.#numbers().every((section) => this.#offsets.has(section));
  }

  describe(): string {
    return `${this.#epoch} ${[...this.#offsets.values()].join(',')}`;
  }

  shown(name: string, wanted: Sections): ViewerMap[] {
    return this.#sections
      .filter((_, at) => wanted === 'all' || wanted.includes(at))
      .map(({ start, seatCount }) => ({
        name,
        from: start,
        map: this.#map.slice(start, start + seatCount),
      }));
  }

  question(): Question {
    const sections = this.#watched;
    if (this.#epoch === null) return { sections };
    return { sections, epoch: this.#epoch, offsets: [...this.#offsets] };
  }

  /** Takes the answer to a question; false if it was a refusal, so that one must ask again. */
  answer(reply: unknown): boolean {
    // The test's own reading: fields are used as the description has them.
    const told = reply as {
      outcome: string;
      epoch: string;
      offset: number;
      sections: [section: number, kind: string, payload?: string][];
    };
    if (told.outcome !== 'watching') return false;
    if (told.epoch !== this.#epoch) this.#offsets.clear();
    this.#epoch = told.epoch;
    for (const [section, kind, payload = ''] of told.sections) {
      // Frames may have come first: what they brought is never taken back.
      if ((this.#offsets.get(section) ?? -1) >= told.offset) continue;
      if (kind === 'full') this.#takeFull(section, payload);
      else if (kind === 'changes') this.#takeChanges(section, payload);
      this.#offsets.set(section, told.offset);
    }
    return true;
  }

  /** `scope|epoch|prev|offset|parts`; false if something is missing before it. */
  frame(text: string): boolean {
    const [scope = '', epoch, prevText, offsetText, parts = ''] = text.split('|');
    const [prev, offset] = [Number(prevText), Number(offsetText)];
    if (epoch !== this.#epoch) return false;
    const payloads = new Map<number, { readonly isFull: boolean; readonly payload: string }>();
    for (const part of parts === '' ? [] : parts.split(',')) {
      const mark = part.search(/[:~]/);
      const isFull = part[mark] === '~';
      payloads.set(Number(part.slice(0, mark)), { isFull, payload: part.slice(mark + 1) });
    }
    let fits = true;
    for (const section of this.#numbers(scope)) {
      const mine = this.#offsets.get(section);
      if (mine === undefined) fits = false;
      if (mine === undefined || offset <= mine) continue;
      const part = payloads.get(section);
      if (part?.isFull === true) this.#takeFull(section, part.payload);
      else if (prev > mine) {
        this.gaps += 1;
        fits = false;
        continue;
      } else if (part !== undefined) this.#takeChanges(section, part.payload);
      this.#offsets.set(section, offset);
    }
    return fits;
  }

  /** `scope|epoch|hubOffset|lastFrame|digests`; false if something is missing or wrong. */
  beat(text: string): boolean {
    const [scope = '', epoch, hubOffset, lastFrame, digests = ''] = text.split('|');
    if (epoch !== this.#epoch) return false;
    const told = digests.split(',').map((digest) => Number.parseInt(digest, 36));
    let fits = true;
    for (const section of this.#numbers(scope)) {
      const mine = this.#offsets.get(section);
      const digest = scope === '*' ? told[section] : told[0];
      if (mine === undefined || mine < Number(lastFrame)) fits = false;
      else if (mine <= Number(hubOffset) && this.#digest(section) !== digest) {
        this.wrongDigests += 1;
        this.#offsets.delete(section);
        fits = false;
      }
    }
    return fits;
  }

  /** The watched sections, or those of a scope. */
  #numbers(scope: string = '*'): number[] {
    if (scope !== '*') return [Number(scope)];
    const all = this.#sections.map((_, at) => at);
    return this.#watched === 'all' ? all : [...this.#watched];
  }

  #digest(section: number): number {
    const { start, seatCount } = this.#range(section);
    return digestOf(this.#map.subarray(start, start + seatCount));
  }

  #takeChanges(section: number, payload: string): void {
    const { start, seatCount } = this.#range(section);
    for (const [seat, state] of changesOf(payload)) {
      if (seat >= seatCount) throw new RangeError(`section ${section} has no seat ${seat}`);
      this.#map[start + seat] = state;
    }
  }

  #takeFull(section: number, payload: string): void {
    const { start, seatCount } = this.#range(section);
    this.#map.set([...fullStateOf(payload, seatCount)], start);
  }

  #range(section: number): { readonly start: number; readonly seatCount: number } {
    const range = this.#sections[section];
    if (range === undefined) throw new RangeError(`the chart has no section ${section}`);
    return range;
  }
}
