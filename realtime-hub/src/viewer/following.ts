import type { Beat } from '../protocol/beat.ts';
import type { Frame } from '../protocol/frame.ts';
import type { PayloadKind } from '../protocol/seat-payload.ts';
import type { SectionAnswer, WatchAnswer } from '../protocol/watch-answer.ts';
import type { SectionOffset, WatchRequest } from '../protocol/watch-request.ts';
import type { SeatPicture } from './seat-picture.ts';
import { judgeBeat, judgeFrame, UNKNOWN_OFFSET } from './section-rules.ts';

/** `unknown`: nothing to show yet; `checking`: shown, but the hub's digest says otherwise. */
export type SectionState = 'unknown' | 'shown' | 'checking';

/** Told of each section whose seats or state changed; the seats live until the call returns. */
export interface PictureListener {
  seats(section: number, seats: Uint32Array): void;
  section(section: number, state: SectionState): void;
}

/**
 * How far a viewer is, section by section, and what follows from each message: pure bookkeeping
 * without connection or clock. `mine` only grows within an epoch; every loss shows as a section
 * that is behind, and being behind ends only by an answer or a frame that covers the loss.
 */
export class Following {
  readonly #picture: SeatPicture;
  readonly #listener: PictureListener;
  readonly #mine: Float64Array;
  /** The highest offset that a message proved to exist for the section. */
  readonly #proved: Float64Array;
  readonly #states: SectionState[];
  #epoch: string | null = null;
  #chosen: readonly number[] = [];
  #all: boolean = false;

  constructor(sectionCount: number, picture: SeatPicture, listener: PictureListener) {
    this.#picture = picture;
    this.#listener = listener;
    this.#mine = new Float64Array(sectionCount).fill(UNKNOWN_OFFSET);
    this.#proved = new Float64Array(sectionCount);
    this.#states = new Array<SectionState>(sectionCount).fill('unknown');
  }

  get epoch(): string | null {
    return this.#epoch;
  }

  state(section: number): SectionState {
    return this.#states[section] ?? 'unknown';
  }

  offset(section: number): number {
    return this.#mine[section] ?? UNKNOWN_OFFSET;
  }

  /** Whether any section is followed; without one only overviews arrive. */
  get follows(): boolean {
    return this.#chosen.length > 0;
  }

  choose(sections: 'all' | readonly number[]): void {
    this.#all = sections === 'all';
    const known = this.#mine.length;
    this.#chosen =
      sections === 'all'
        ? Array.from({ length: known }, (_, section) => section)
        : [...new Set(sections)].filter((section) => section in this.#mine);
  }

  /** Whether some followed section needs an answer. */
  isBehind(): boolean {
    return this.#chosen.some((section) => this.#needsAnswer(section));
  }

  /** Asks for everything that is followed, from where each section is; a checked one in full. */
  request(): WatchRequest {
    const sections = this.#all ? ('all' as const) : this.#chosen;
    if (this.#epoch === null) return { sections };
    const offsets: SectionOffset[] = [];
    for (const section of this.#chosen) {
      if (this.#states[section] === 'shown') offsets.push([section, this.offset(section)]);
    }
    return { sections, epoch: this.#epoch, offsets };
  }

  /** Takes a frame; true if it was news that fitted. */
  frame(frame: Frame): boolean {
    if (!this.#inEpoch(frame.epoch)) return false;
    for (const part of frame.parts) {
      if (!this.#covers(frame.scope, part.section)) continue;
      if (judgeFrame(this.offset(part.section), frame.prev, frame.offset) !== 'apply') continue;
      this.#apply(part.section, part.kind, part.payload);
    }
    let fitted = false;
    for (const section of this.#chosen) {
      if (!this.#covers(frame.scope, section)) continue;
      const verdict = judgeFrame(this.offset(section), frame.prev, frame.offset);
      if (verdict === 'gap') this.#prove(section, frame.offset);
      if (verdict !== 'apply') continue;
      this.#mine[section] = frame.offset;
      fitted = true;
    }
    return fitted;
  }

  /** Takes a beat; true if it could compare something and all of it agreed. */
  beat(beat: Beat): boolean {
    if (!this.#inEpoch(beat.epoch)) return false;
    let agreed = false;
    let differed = false;
    for (const section of this.#chosen) {
      if (!this.#covers(beat.scope, section)) continue;
      const verdict = judgeBeat(this.offset(section), beat.hubOffset, beat.lastFrame);
      if (verdict === 'resync') this.#prove(section, beat.lastFrame);
      if (verdict !== 'compare') continue;
      const digest = beat.digests[beat.scope === 'all' ? section : 0];
      if (digest === this.#picture.digest(section)) {
        agreed = true;
        continue;
      }
      differed = true;
      this.#turn(section, 'checking');
    }
    return agreed && !differed;
  }

  /** Takes the answer to `asked`. Sections that it could not settle stay behind. */
  answer(asked: WatchRequest, answer: WatchAnswer): void {
    if (answer.epoch !== this.#epoch) {
      this.#forget();
      this.#epoch = answer.epoch;
    }
    // What builds on the offsets of the request is worth nothing if they were of another epoch.
    const builds = asked.epoch === answer.epoch;
    for (const section of answer.sections) this.#settle(section, answer.offset, builds);
  }

  #settle(answer: SectionAnswer, offset: number, builds: boolean): void {
    const [section, kind, payload] = answer;
    const mine = this.#mine[section];
    if (mine === undefined || (kind !== 'full' && (!builds || mine === UNKNOWN_OFFSET))) return;
    if (kind === 'full') {
      // An answer older than what arrived meanwhile would take the section back.
      if (offset < mine || !this.#apply(section, kind, payload)) return;
      this.#turn(section, 'shown');
    } else if (kind === 'changes' && offset > mine) {
      if (!this.#apply(section, kind, payload)) return;
    }
    this.#mine[section] = Math.max(mine, offset);
  }

  #apply(section: number, kind: PayloadKind, payload: string): boolean {
    const seats = this.#picture.apply(section, kind, payload);
    if (seats === null) {
      this.#mine[section] = UNKNOWN_OFFSET;
      this.#turn(section, this.#states[section] === 'unknown' ? 'unknown' : 'checking');
      return false;
    }
    if (seats.length > 0) this.#listener.seats(section, seats);
    return true;
  }

  #needsAnswer(section: number): boolean {
    return this.#states[section] !== 'shown' || this.offset(section) < this.#provedOf(section);
  }

  #provedOf(section: number): number {
    return this.#proved[section] ?? 0;
  }

  #prove(section: number, offset: number): void {
    this.#proved[section] = Math.max(this.#provedOf(section), offset);
  }

  #covers(scope: 'all' | number, section: number): boolean {
    return scope === 'all' || scope === section;
  }

  /** Another epoch is another life of the event: what was known of the old one says nothing. */
  #inEpoch(epoch: string): boolean {
    if (epoch === this.#epoch) return true;
    this.#forget();
    return false;
  }

  #forget(): void {
    this.#epoch = null;
    this.#mine.fill(UNKNOWN_OFFSET);
    this.#proved.fill(0);
    for (const section of this.#states.keys()) {
      if (this.#states[section] === 'shown') this.#turn(section, 'checking');
    }
  }

  #turn(section: number, state: SectionState): void {
    if (this.#states[section] === state) return;
    this.#states[section] = state;
    this.#listener.section(section, state);
  }
}
