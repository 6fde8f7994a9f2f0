import type { FeedBase } from '@holdfast/db/audit';
import { CLOCK_JUMP_MS, type EventState, type FeedEntry, type HoldId } from '@holdfast/db/model';

/**
 * What the judge must know of the store beyond its last state. Every command that the store ran has
 * a number. A store that goes back forgets the commands since then, and what people were told of
 * them belongs to another story: a chapter is one unbroken chain of commands, and what was told is
 * judged by the chapters that its command belongs to.
 *
 * Told times are read from the store's clock, which may have jumped and not yet be settled. So each
 * command also has the instant that the event's clock would have shown without the jump; it grows
 * with every command, so that two things that were told are never in the wrong order.
 */
export type Chapter = {
  /** As the chapter ended; nobody changes it any more. */
  readonly state: EventState;
  readonly path: readonly CommandRange[];
  /** Null while no load had ended. */
  readonly base: FeedBase | null;
  /** What was trimmed from the feed of `state`. */
  readonly archived: readonly FeedEntry[];
};

type CommandRange = { readonly from: number; readonly to: number };

/** A hold that an operator ended: its owner keeps nothing by not having heard of it. */
export type OperatorEnd = { readonly command: number; readonly hold: HoldId };

type Remembered = Chapter & { readonly state: EventState };

/** Commands within one instant stay in their order. */
const COMMAND_STEP_MS = 1e-7;
const REMEMBERED_MAX = 3;
/** Workers look at the clock each second, but for the time that their looks fail; what is not set right by then stays. */
const SETTLE_LIMIT_MS = 30_000;

export class StoreHistory {
  readonly operatorEnds: OperatorEnd[] = [];
  /** Whether the store ever forgot something that it had told. */
  wentBack: boolean = false;
  readonly #past: Chapter[] = [];
  readonly #state: EventState;
  /** By command. */
  readonly #instants: number[] = [0];
  #path: readonly CommandRange[] = [{ from: 1, to: Number.POSITIVE_INFINITY }];
  #base: FeedBase | null = null;
  #archived: readonly FeedEntry[] = [];
  #remembered: Remembered[] = [];
  /** Event clock minus simulated time while the clock is settled; null before the event is open. */
  #aheadMs: number | null = null;
  #lastMs = 0;
  /** Since when the event's clock is not where it was; null while it is. */
  #movedAtMs: number | null = null;
  #steadySinceMs = 0;
  readonly #onMoved: (movedMs: number) => void;

  /**
   * `state` is the live one; it stays the same object through all chapters. `onMoved` hears of a jump
   * that nobody set right.
   */
  constructor(state: EventState, onMoved: (movedMs: number) => void) {
    this.#state = state;
    this.#onMoved = onMoved;
  }

  get commands(): number {
    return this.#instants.length - 1;
  }

  /** Whether the event's clock is where people were told that it is. */
  get settled(): boolean {
    return this.#movedAtMs === null;
  }

  /** Since when the event is open with a clock that did not move. */
  get steadySinceMs(): number {
    return this.#steadySinceMs;
  }

  /** A command ran; gives its number. */
  noteCommand(eventMs: number, nowMs: number): number {
    const aheadMs = eventMs - nowMs;
    if (this.#aheadMs === null || !isOpen(this.#state)) this.#aheadMs = aheadMs;
    const movedMs = aheadMs - this.#aheadMs;
    if (Math.abs(movedMs) <= CLOCK_JUMP_MS) this.#movedAtMs = null;
    else this.#movedAtMs ??= nowMs;
    if (this.#movedAtMs !== null || !isOpen(this.#state)) this.#steadySinceMs = nowMs;
    if (this.#movedAtMs !== null && nowMs - this.#movedAtMs > SETTLE_LIMIT_MS) {
      this.#onMoved(movedMs);
      this.#movedAtMs = null;
    }
    // A clock that is set right again is a little off where it was; small steps are followed.
    if (this.#movedAtMs === null) this.#aheadMs = aheadMs;
    this.#lastMs = Math.max(this.#lastMs + COMMAND_STEP_MS, nowMs + this.#aheadMs);
    this.#instants.push(this.#lastMs);
    return this.commands;
  }

  /** The event's clock at a command, had it never jumped. */
  instantOf(command: number): number {
    return this.#instants[command] ?? 0;
  }

  /** A load has ended: what follows is another life with a clock of its own. */
  noteOpened(): void {
    const { offset, chain, holders } = this.#state;
    this.#base = { offset, chain, holders: new Map(holders), owners: new Map() };
    this.#archived = [];
    this.#aheadMs = null;
    this.#movedAtMs = null;
    this.#lastMs = 0;
  }

  noteTrimmed(entries: readonly FeedEntry[]): void {
    this.#archived = [...this.#archived, ...entries];
  }

  /** Keeps the present state, as a store does that saves itself from time to time. */
  remember(): void {
    if (this.#base === null || this.#state.loading !== null) return;
    this.#remembered.push({ ...this.#chapter(), state: copyOf(this.#state) });
    if (this.#remembered.length > REMEMBERED_MAX) this.#remembered.shift();
  }

  get hasMemory(): boolean {
    return this.#remembered.length > 0;
  }

  /** The state of `back` memories ago; false when there is none. */
  goBack(back: number): boolean {
    const memory = this.#remembered.at(-1 - back) ?? this.#remembered[0];
    if (memory === undefined) return false;
    this.#turnPage();
    this.wentBack = true;
    // What came after this memory never was.
    this.#remembered = this.#remembered.slice(0, this.#remembered.indexOf(memory) + 1);
    Object.assign(this.#state, copyOf(memory.state));
    const now = { from: this.commands + 1, to: Number.POSITIVE_INFINITY };
    this.#path = [...memory.path, now];
    this.#base = memory.base;
    this.#archived = memory.archived;
    return true;
  }

  /** Nothing is left. */
  forgetAll(unloaded: EventState): void {
    this.#turnPage();
    this.#remembered = [];
    Object.assign(this.#state, unloaded);
    this.#path = [{ from: this.commands + 1, to: Number.POSITIVE_INFINITY }];
    this.#base = null;
    this.#archived = [];
    this.#aheadMs = null;
    this.#movedAtMs = null;
    this.#lastMs = 0;
  }

  /** All chapters, the present one last. */
  chapters(): Chapter[] {
    return [...this.#past, this.#chapter()];
  }

  #turnPage(): void {
    // The maps go with the old state: the next one brings its own.
    this.#past.push({ ...this.#chapter(), state: { ...this.#state } });
  }

  #chapter(): Chapter {
    const path = this.#path.map(({ from, to }) => ({ from, to: Math.min(to, this.commands) }));
    return { state: this.#state, path, base: this.#base, archived: this.#archived };
  }
}

/** Without open state there are no deadlines, and nobody looks at the clock. */
function isOpen({ epoch, loading }: EventState): boolean {
  return epoch !== '0' && loading === null;
}

/** Whether a command is part of the story. */
export function tells(chapter: Chapter, command: number): boolean {
  return chapter.path.some(({ from, to }) => from <= command && command <= to);
}

/** The model replaces records and never changes them, so their collections are enough. */
function copyOf(state: EventState): EventState {
  return {
    ...state,
    holders: new Map(state.holders),
    holds: new Map(state.holds),
    owned: new Set(state.owned),
    due: new Map(state.due),
    ended: new Map(state.ended),
    idem: new Map(state.idem),
    feed: [...state.feed],
  };
}
