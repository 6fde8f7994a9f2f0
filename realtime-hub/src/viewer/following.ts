import type { Beat } from '../protocol/beat.ts';
import type { Frame } from '../protocol/frame.ts';
import { OFFSETS_MAX } from '../protocol/limits.ts';
import type { PayloadKind } from '../protocol/seat-payload.ts';
import type { SectionAnswer, WatchAnswer } from '../protocol/watch-answer.ts';
import type { SectionOffset, WatchRequest } from '../protocol/watch-request.ts';
import type { SeatPicture } from './seat-picture.ts';
import { judgeBeat, judgeFrame, UNKNOWN_OFFSET } from './section-rules.ts';

/** `unknown`: nothing to show yet; `checking`: shown, but the hub's digest says otherwise. */
export type SectionState = 'unknown' | 'shown' | 'checking';

/** What a message did: it fitted what was there, showed that something is missing, or began anew. */
export type Reception = 'fitted' | 'missing' | 'other-epoch';

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
  /** Sections that some message covered since `takeSilence` was last asked. */
  readonly #heard: Uint8Array;
  #epoch: string | null = null;
  #chosen: readonly number[] = [];
  #all: boolean = false;

  constructor(sectionCount: number, picture: SeatPicture, listener: PictureListener) {
    this.#picture = picture;
    this.#listener = listener;
    this.#mine = new Float64Array(sectionCount).fill(UNKNOWN_OFFSET);
    this.#proved = new Float64Array(sectionCount);
    this.#heard = new Uint8Array(sectionCount);
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

  /**
   * Whether no message covered some followed section since the last call. Every room has its
   * beats, so a silent section means that the hub does not know that it is watched.
   */
  takeSilence(): boolean {
    const silent = this.#chosen.some((section) => this.#heard[section] === 0);
    this.#heard.fill(0);
    return silent;
  }

  /** Asks for everything that is followed, from where each section is; a checked one in full. */
  request(): WatchRequest {
    const sections = this.#all ? ('all' as const) : this.#chosen;
    if (this.#epoch === null) return { sections };
    const offsets: SectionOffset[] = [];
    for (const section of this.#chosen) {
      if (offsets.length === OFFSETS_MAX) break;
      if (this.#states[section] === 'shown') offsets.push([section, this.offset(section)]);
    }
    return { sections, epoch: this.#epoch, offsets };
  }

  /** Takes a frame. */
  frame(frame: Frame): Reception {
    const { scope, epoch, prev, offset } = frame;
    const anew = this.#enter(epoch);
    for (const { section, kind, payload } of frame.parts) {
      if (!this.#covers(scope, section)) continue;
      if (kind === 'full') this.#takeFull(section, offset, payload);
      else if (judgeFrame(this.offset(section), prev, offset) === 'apply') {
        this.#apply(section, kind, payload);
      }
    }
    let fitted = false;
    for (const section of this.#chosen) {
      if (!this.#covers(scope, section)) continue;
      this.#heard[section] = 1;
      const verdict = judgeFrame(this.offset(section), prev, offset);
      if (verdict === 'gap') this.#prove(section, offset);
      else fitted = true;
      if (verdict === 'apply') this.#mine[section] = offset;
    }
    return anew ? 'other-epoch' : fitted ? 'fitted' : 'missing';
  }

  /** Takes a beat; `fitted` if it could compare something and all of it agreed. */
  beat(beat: Beat): Reception {
    const anew = this.#enter(beat.epoch);
    let agreed = false;
    let differed = false;
    for (const section of this.#chosen) {
      if (!this.#covers(beat.scope, section)) continue;
      this.#heard[section] = 1;
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
    return anew ? 'other-epoch' : agreed && !differed ? 'fitted' : 'missing';
  }

  /** Takes the answer to `asked`. Sections that it could not settle stay behind. */
  answer(asked: WatchRequest, answer: WatchAnswer): void {
    this.#enter(answer.epoch);
    // What builds on the offsets of the request is worth nothing if they were of another epoch.
    const builds = asked.epoch === answer.epoch;
    for (const section of answer.sections) this.#settle(section, answer.offset, builds);
  }

  #settle(answer: SectionAnswer, offset: number, builds: boolean): void {
    const [section, kind, payload] = answer;
    const mine = this.#mine[section];
    if (mine === undefined || (kind !== 'full' && (!builds || mine === UNKNOWN_OFFSET))) return;
    if (kind === 'full') {
      this.#takeFull(section, offset, payload);
      return;
    }
    if (kind === 'changes' && offset > mine && !this.#apply(section, kind, payload)) return;
    this.#mine[section] = Math.max(mine, offset);
  }

  /** The whole state of a section at `offset` heals whatever was missing, unless it is older. */
  #takeFull(section: number, offset: number, payload: string): void {
    if (offset < this.offset(section) || !this.#apply(section, 'full', payload)) return;
    this.#mine[section] = offset;
    this.#turn(section, 'shown');
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
  #enter(epoch: string): boolean {
    if (epoch === this.#epoch) return false;
    this.#epoch = epoch;
    this.#mine.fill(UNKNOWN_OFFSET);
    this.#proved.fill(0);
    for (const section of this.#states.keys()) {
      if (this.#states[section] === 'shown') this.#turn(section, 'checking');
    }
    return true;
  }

  #turn(section: number, state: SectionState): void {
    if (this.#states[section] === state) return;
    this.#states[section] = state;
    this.#listener.section(section, state);
  }
}
