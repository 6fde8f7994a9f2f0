import type { Ambient, CancelTimer } from '@holdfast/db/model';
import type { DeltaEntry } from '../emitter/delta.ts';
import type { SeatProjection } from '../projection/seat-projection.ts';
import { BEAT_PERIOD_MS, FRAME_TICK_MS, OVERVIEW_PERIOD_MS } from '../protocol/limits.ts';
import { encodeOverview } from '../protocol/overview.ts';
import type { WatchAnswer } from '../protocol/watch-answer.ts';
import type { WatchRequest } from '../protocol/watch-request.ts';
import { SingleTimer } from '../retry/single-timer.ts';
import { RoomFrames, type RoomSink } from './room-frames.ts';
import type { SectionLayout } from './section-layout.ts';
import { TouchedSeats } from './touched-seats.ts';
import { WatchAnswers } from './watch-answers.ts';

export type EventChannelParts = {
  readonly projection: SeatProjection;
  readonly layout: SectionLayout;
  readonly ambient: Ambient;
  readonly sink: RoomSink;
};

/** A flush that took long is followed by a pause of so many times its length, up to `TICK_MOST_MS`. */
const FLUSH_PAUSE_FACTOR = 2;
const TICK_MOST_MS = 250;

/**
 * What one event says to the sockets of this process. The first change after quiet goes out at
 * once; from then on at most one frame per room and tick, longer ticks when flushing is slow. The
 * projection must be ready and of the layout's chart whenever a method is called.
 */
export class EventChannel {
  readonly layout: SectionLayout;
  readonly projection: SeatProjection;
  readonly #ambient: Ambient;
  readonly #sink: RoomSink;
  readonly #touched: TouchedSeats;
  readonly #frames: RoomFrames;
  readonly #answers: WatchAnswers;
  readonly #flushTimer: SingleTimer;
  readonly #stopBeat: CancelTimer;
  readonly #stopOverview: CancelTimer;
  #flushedAtMs: number = Number.NEGATIVE_INFINITY;
  #tickMs: number = FRAME_TICK_MS;
  /** A flush follows as soon as the messages that are being taken are all taken. */
  #flushing: boolean = false;
  #overviewText: string = '';

  constructor({ projection, layout, ambient, sink }: EventChannelParts) {
    this.projection = projection;
    this.layout = layout;
    this.#ambient = ambient;
    this.#sink = sink;
    this.#touched = new TouchedSeats(layout.seatCount);
    this.#frames = new RoomFrames(projection, layout, sink);
    this.#answers = new WatchAnswers(projection, layout);
    this.#flushTimer = new SingleTimer(ambient.timers);
    this.#stopBeat = ambient.timers.every(BEAT_PERIOD_MS, () => this.beat());
    this.#stopOverview = ambient.timers.every(OVERVIEW_PERIOD_MS, () => this.#tellOverview(false));
  }

  /** The projection applied an entry. */
  applied(entry: DeltaEntry): void {
    const { sectionOfSeat } = this.layout;
    const { seats, offset } = entry;
    for (let at = 0; at < seats.length; at += 1) {
      const seat = seats[at] ?? 0;
      this.#touched.add(seat);
      this.#answers.touched(sectionOfSeat[seat] ?? 0, offset);
    }
    this.#schedule();
  }

  /** The projection was loaded anew: every seat counts as touched. */
  reloaded(): void {
    this.#frames.enterEpoch();
    this.#answers.allTouched();
    this.#touched.addAll();
    this.beat();
  }

  /** Seats changed without an entry: only the digests can show it. */
  repaired(): void {
    this.#answers.allTouched();
    this.beat();
  }

  /** Synchronous, so that a socket can enter its rooms in the same instant. */
  answer(request: WatchRequest): WatchAnswer {
    return this.#answers.answer(request);
  }

  overview(): string {
    const { position, map } = this.projection;
    const free = this.layout.sections.map(({ start, seatCount }) => {
      let count = 0;
      for (let seat = start; seat < start + seatCount; seat += 1) if (map[seat] === 0) count += 1;
      return count;
    });
    return encodeOverview({ epoch: position.epoch, offset: position.offset, free });
  }

  /** Flushes what is touched, then sends every room its digest. */
  beat(): void {
    if (!this.projection.ready) return;
    this.#flush();
    this.#frames.beat();
    this.#tellOverview(true);
  }

  stop(): void {
    this.#stopBeat();
    this.#stopOverview();
    this.#flushTimer.disarm();
  }

  #schedule(): void {
    if (this.#flushing || this.#flushTimer.armed) return;
    const waitMs = this.#flushedAtMs + this.#tickMs - this.#ambient.clock.monotonicMs();
    if (waitMs > 0) {
      this.#flushTimer.arm(waitMs, () => this.#flush());
      return;
    }
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    this.#flushTimer.disarm();
    if (this.#touched.count === 0 || !this.projection.ready) return;
    const beganAtMs = this.#ambient.clock.monotonicMs();
    const said = this.#frames.flush(this.#touched);
    this.#touched.clear();
    if (!said) this.#frames.beat();
    this.#flushedAtMs = this.#ambient.clock.monotonicMs();
    const pauseMs = (this.#flushedAtMs - beganAtMs) * FLUSH_PAUSE_FACTOR;
    this.#tickMs = Math.min(Math.max(FRAME_TICK_MS, pauseMs), TICK_MOST_MS);
  }

  /** Once a second if something changed, and with every beat as a sign of life. */
  #tellOverview(always: boolean): void {
    const { overviewRoom } = this.layout;
    if (!this.projection.ready || !this.#sink.has(overviewRoom)) return;
    const text = this.overview();
    if (!always && text === this.#overviewText) return;
    this.#overviewText = text;
    this.#sink.send(overviewRoom, 'o', text);
  }
}
