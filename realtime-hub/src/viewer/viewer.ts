import type { Ambient, HoldId, SaleState, SeatMap } from '@holdfast/db/model';
import { decodeBeat } from '../protocol/beat.ts';
import { decodeFrame } from '../protocol/frame.ts';
import { BEAT_PERIOD_MS } from '../protocol/limits.ts';
import { type OwnerNotice, readOwnerNotice } from '../protocol/notice.ts';
import { decodeOverview, type Overview } from '../protocol/overview.ts';
import { type HubRefusal, hubRefusal, readHubRefusal } from '../protocol/refusal.ts';
import { readSaleMessage } from '../protocol/sale.ts';
import { readTruthMessage } from '../protocol/truth.ts';
import { readWatchReply, type WatchAnswer } from '../protocol/watch-answer.ts';
import type { WatchRequest } from '../protocol/watch-request.ts';
import { type RetryBounds, retryDelayMs } from '../retry/retry-delay.ts';
import { SingleTimer } from '../retry/single-timer.ts';
import { type ConnectionState, sameState } from './connection-state.ts';
import { Following, type PictureListener, type Reception, type SectionState } from './following.ts';
import { SeatPicture, type SectionRange } from './seat-picture.ts';
import type { TransportListener, ViewerTransport } from './transport.ts';

/**
 * The one viewer of an event's seats: shopper page, kiosk, surges and tests all use it, so what is
 * proved of it holds for every screen (I4). It follows by the rules of `socket-messages.ts`; here
 * is when it asks: on connecting, on any gap, on a failed check, on silence; one request at a time,
 * each repetition later than the last by a jittered, bounded delay, for ever.
 */
export interface Viewer {
  /** One byte a seat (`SeatState`), the viewer's own: read it, never write it. */
  readonly map: SeatMap;
  readonly state: ConnectionState;
  sectionState(section: number): SectionState;
  /** Where a section is; offset -1 while nothing is known of it. */
  position(section: number): { readonly epoch: string | null; readonly offset: number };
  /** Replaces what is watched; `[]` leaves only the overview. */
  watch(sections: 'all' | readonly number[]): void;
  /** Names the live hold of this page, so that the hub can tell when the store forgot it. */
  nameHold(hold: HoldId | null): void;
  /** Connects again after `refused`, or at once instead of waiting. */
  resume(): void;
  stop(): void;
}

export interface ViewerListener extends PictureListener {
  state(state: ConnectionState): void;
  sale(sale: SaleState): void;
  overview(overview: Overview): void;
  notice(notice: OwnerNotice): void;
}

export type ViewerOptions = {
  readonly transport: ViewerTransport;
  readonly ambient: Ambient;
  readonly chart: { readonly hash: string; readonly sections: readonly SectionRange[] };
  /** What to watch from the start; 'all' if absent. */
  readonly sections?: 'all' | readonly number[];
  readonly listener: ViewerListener;
};

const CONNECT_RETRY: RetryBounds = { firstMs: 300, mostMs: 15_000 };
const ASK_RETRY: RetryBounds = { firstMs: 150, mostMs: 10_000 };
/** A pan across the map changes what is watched many times a second; this folds the requests. */
const ASK_SPACING_MS = 100;
const ANSWER_LIMIT_MS = 5_000;
/** So many requests in a row without an answer mean that the connection is dead. */
const UNANSWERED_MAX = 3;
/** In a new epoch the hub's next frame is full state; most viewers need not ask, if they wait. */
const EPOCH_SPREAD_MS = 1_000;
const SILENCE_LIMIT_MS = 3 * BEAT_PERIOD_MS;

/** Makes a viewer and connects it. */
export function createViewer(options: ViewerOptions): Viewer {
  return new LiveViewer(options);
}

class LiveViewer implements Viewer, TransportListener {
  readonly #options: ViewerOptions;
  readonly #picture: SeatPicture;
  readonly #following: Following;
  readonly #askTimer: SingleTimer;
  readonly #answerTimer: SingleTimer;
  readonly #silenceTimer: SingleTimer;
  readonly #connectTimer: SingleTimer;
  #state: ConnectionState = { kind: 'offline' };
  #open: boolean = false;
  #stopped: boolean = false;
  /** The number of the request under way, or 0; an answer to an earlier one is not looked at. */
  #underWay = 0;
  #asked = 0;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #connects = 0;
  #repeats = 0;
  #unanswered = 0;
  /** What is watched is not what the hub was last asked for. */
  #chosenAnew: boolean = false;
  #overviewHeard: boolean = false;
  #hold: HoldId | null = null;
  /** The hub was not told yet of another hold. */
  #holdAnew: boolean = false;
  /** As the hub said last. */
  #reached: boolean = true;

  constructor(options: ViewerOptions) {
    const { chart, listener, transport, ambient } = options;
    this.#options = options;
    this.#picture = new SeatPicture(chart.sections);
    this.#following = new Following(chart.sections.length, this.#picture, listener);
    this.#following.choose(options.sections ?? 'all');
    this.#askTimer = new SingleTimer(ambient.timers);
    this.#answerTimer = new SingleTimer(ambient.timers);
    this.#silenceTimer = new SingleTimer(ambient.timers);
    this.#connectTimer = new SingleTimer(ambient.timers);
    transport.listen(this);
    transport.connect();
  }

  get map(): SeatMap {
    return this.#picture.map;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  sectionState(section: number): SectionState {
    return this.#following.state(section);
  }

  position(section: number): { readonly epoch: string | null; readonly offset: number } {
    return { epoch: this.#following.epoch, offset: this.#following.offset(section) };
  }

  watch(sections: 'all' | readonly number[]): void {
    this.#following.choose(sections);
    this.#chosenAnew = true;
    this.#repeats = 0;
    this.#follow();
  }

  nameHold(hold: HoldId | null): void {
    if (hold === this.#hold) return;
    this.#hold = hold;
    this.#holdAnew = true;
    this.#follow();
  }

  resume(): void {
    if (this.#stopped || this.#open) return;
    this.#connects = 0;
    this.#connectTimer.disarm();
    this.#show({ kind: 'offline' });
    this.#options.transport.connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#rest();
    this.#options.transport.close();
  }

  // --- what the transport tells ---

  opened(): void {
    if (this.#stopped) return;
    this.#open = true;
    this.#repeats = 0;
    this.#unanswered = 0;
    this.#chosenAnew = true;
    this.#listenForSilence();
    this.#follow();
  }

  lost(): void {
    const { kind } = this.#state;
    // Already on the way back (the hub may have said when), or not to come back by itself.
    if (this.#stopped || this.#connectTimer.armed || kind === 'outdated' || kind === 'refused') {
      return;
    }
    this.#reconnect(0);
  }

  refused(value: unknown): void {
    if (this.#stopped) return;
    const refusal = readHubRefusal(value) ?? hubRefusal('hub.draining');
    if (refusal.next === 'retry' || refusal.next === 'watch') {
      this.#reconnect(refusal.retryAfterMs);
    } else {
      this.#giveUp(refusal);
    }
  }

  again(value: unknown): void {
    const refusal = readHubRefusal(value) ?? hubRefusal('viewer.slow');
    this.#chosenAnew = true;
    this.#refusedAnswer(refusal);
  }

  frame(text: unknown): void {
    const frame = decodeFrame(text);
    if (!this.#open || !frame.ok) return;
    this.#received(this.#following.frame(frame.value));
  }

  beat(text: unknown): void {
    const beat = decodeBeat(text);
    if (!this.#open || !beat.ok) return;
    this.#received(this.#following.beat(beat.value));
  }

  overview(text: unknown): void {
    const overview = decodeOverview(text);
    if (!this.#open || !overview.ok) return;
    this.#overviewHeard = true;
    this.#options.listener.overview(overview.value);
  }

  sale(value: unknown): void {
    const message = readSaleMessage(value);
    if (this.#open && message !== null) this.#options.listener.sale(message.sale);
  }

  truth(value: unknown): void {
    const message = readTruthMessage(value);
    if (!this.#open || message === null) return;
    this.#reached = message.reached;
    this.#follow();
  }

  notice(value: unknown): void {
    const notice = readOwnerNotice(value);
    if (this.#open && notice !== null) this.#options.listener.notice(notice);
  }

  // --- asking ---

  #received(reception: Reception): void {
    if (reception === 'fitted') this.#repeats = 0;
    const anew = reception === 'other-epoch';
    this.#follow(anew ? this.#options.ambient.random.fraction() * EPOCH_SPREAD_MS : 0);
  }

  /** Asks if something is missing, and shows where things stand. */
  #follow(leastMs = 0): void {
    if (!this.#open) return;
    const behind = this.#isBehind();
    this.#show({ kind: behind ? 'catching-up' : this.#reached ? 'live' : 'unverified' });
    if (behind || this.#holdAnew) this.#askAfter(leastMs);
  }

  #isBehind(): boolean {
    return this.#chosenAnew || this.#following.isBehind();
  }

  #askAfter(leastMs: number): void {
    if (!this.#open || this.#underWay !== 0 || this.#askTimer.armed) return;
    const { clock, random } = this.#options.ambient;
    const spacing = this.#askedAtMs + ASK_SPACING_MS - clock.monotonicMs();
    const patience = this.#repeats === 0 ? 0 : retryDelayMs(this.#repeats - 1, ASK_RETRY, random);
    const delay = Math.max(leastMs, patience, spacing, 0);
    if (delay > 0) this.#askTimer.arm(delay, () => this.#askIfBehind());
    else this.#ask();
  }

  /** What was missing may have come by itself meanwhile. */
  #askIfBehind(): void {
    if (this.#isBehind() || this.#holdAnew) this.#ask();
    else this.#follow();
  }

  #ask(): void {
    this.#asked += 1;
    const number = this.#asked;
    const asked = this.#following.request();
    const request = this.#hold === null ? asked : { ...asked, hold: this.#hold };
    this.#underWay = number;
    this.#repeats += 1;
    this.#chosenAnew = false;
    this.#holdAnew = false;
    this.#askedAtMs = this.#options.ambient.clock.monotonicMs();
    this.#answerTimer.arm(ANSWER_LIMIT_MS, () => this.#missed());
    this.#options.transport.watch(request, (reply) => {
      if (this.#underWay === number) this.#answered(request, reply);
    });
  }

  #answered(request: WatchRequest, value: unknown): void {
    this.#underWay = 0;
    this.#unanswered = 0;
    this.#answerTimer.disarm();
    const reply = readWatchReply(value);
    if (!reply.ok) {
      this.#chosenAnew = true;
      this.#follow();
    } else if (reply.value.outcome === 'refused') {
      this.#chosenAnew = true;
      this.#refusedAnswer(reply.value);
    } else {
      this.#take(request, reply.value);
    }
  }

  #take(request: WatchRequest, answer: WatchAnswer): void {
    const { chart, listener } = this.#options;
    if (answer.chartHash !== chart.hash || answer.seatCount !== this.map.length) {
      this.#rest();
      this.#options.transport.close();
      this.#show({ kind: 'outdated', what: 'chart' });
      return;
    }
    this.#connects = 0;
    listener.sale(answer.sale);
    this.#reached = answer.reached;
    this.#following.answer(request, answer);
    this.#follow();
  }

  #missed(): void {
    this.#underWay = 0;
    this.#unanswered += 1;
    this.#chosenAnew = true;
    if (this.#unanswered < UNANSWERED_MAX) this.#follow();
    else this.#reconnect(0);
  }

  #refusedAnswer(refusal: HubRefusal): void {
    if (!this.#open) return;
    if (refusal.next !== 'retry' && refusal.next !== 'watch') {
      this.#giveUp(refusal);
      return;
    }
    this.#show({ kind: 'catching-up' });
    const jitter = 1 + this.#options.ambient.random.fraction();
    this.#askAfter(refusal.retryAfterMs * jitter);
  }

  /** Beats come to every room: what stays silent for several of them is asked for again. */
  #listenForSilence(): void {
    this.#silenceTimer.arm(SILENCE_LIMIT_MS, () => {
      const overviewOnly = !this.#following.follows;
      const silent = this.#following.takeSilence() || (overviewOnly && !this.#overviewHeard);
      this.#overviewHeard = false;
      if (silent) this.#chosenAnew = true;
      this.#listenForSilence();
      this.#follow();
    });
  }

  // --- connecting ---

  #reconnect(leastMs: number): void {
    const { ambient, transport } = this.#options;
    this.#rest();
    transport.close();
    this.#show({ kind: 'offline' });
    const patience = retryDelayMs(this.#connects, CONNECT_RETRY, ambient.random);
    this.#connects += 1;
    this.#connectTimer.arm(leastMs + patience, () => transport.connect());
  }

  #giveUp(refusal: HubRefusal): void {
    this.#rest();
    this.#options.transport.close();
    const outdated = refusal.next === 'reload';
    this.#show(outdated ? { kind: 'outdated', what: 'page' } : { kind: 'refused', refusal });
  }

  #rest(): void {
    this.#open = false;
    this.#underWay = 0;
    this.#askTimer.disarm();
    this.#answerTimer.disarm();
    this.#silenceTimer.disarm();
    this.#connectTimer.disarm();
  }

  #show(state: ConnectionState): void {
    if (sameState(state, this.#state)) return;
    this.#state = state;
    this.#options.listener.state(state);
  }
}
