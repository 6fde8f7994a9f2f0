import type { EventId, SeatMap } from '@holdfast/db/model';
import type { SeatProjection } from '../projection/seat-projection.ts';
import { encodeBeat } from '../protocol/beat.ts';
import { sectionDigest } from '../protocol/digest.ts';
import { encodeFrame, type FramePart } from '../protocol/frame.ts';
import { createSeatChanges, encodeSeats } from '../protocol/seat-payload.ts';
import type { SectionLayout } from './section-layout.ts';
import type { TouchedSeats } from './touched-seats.ts';

/** Told of a frame that was sent: it shows what happened after `prev` up to `offset`. */
export type FrameNote = (event: EventId, room: string, prev: number, offset: number) => void;

/** The rooms of this process. A text goes to every socket of a room as one shared frame. */
export interface RoomSink {
  has(room: string): boolean;
  send(room: string, name: 'f' | 'b' | 'o', text: string): void;
  /** Absent where nobody reads such notes. */
  readonly frameSent?: FrameNote | undefined;
}

const changes = createSeatChanges();

/**
 * The chains of an event's rooms. Each flush covers every seat that was touched since the one
 * before, so a room's frame runs from the last flush that touched it to now, whoever was in the
 * room meanwhile: who joined in between is already past the frame's beginning.
 */
export class RoomFrames {
  readonly #projection: SeatProjection;
  readonly #layout: SectionLayout;
  readonly #sink: RoomSink;
  readonly #lastFrames: Float64Array;
  #lastFrame: number;
  #epoch: string;

  constructor(projection: SeatProjection, layout: SectionLayout, sink: RoomSink) {
    this.#projection = projection;
    this.#layout = layout;
    this.#sink = sink;
    this.#epoch = projection.position.epoch;
    this.#lastFrame = projection.position.offset;
    this.#lastFrames = new Float64Array(layout.sections.length).fill(this.#lastFrame);
  }

  /** After a reload: in another epoch all chains begin anew, and the next frame is full state. */
  enterEpoch(): void {
    const { epoch } = this.#projection.position;
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#lastFrame = 0;
    this.#lastFrames.fill(0);
  }

  /**
   * Sends one frame to each room with a touched seat; false if the position is where the last
   * frames ended, so that no frame could say anything (a beat will).
   */
  flush(touched: TouchedSeats): boolean {
    const { epoch, offset } = this.#projection.position;
    if (offset <= this.#lastFrame) return false;
    const { allRoom, sectionRooms } = this.#layout;
    const toAll = this.#sink.has(allRoom);
    const parts: FramePart[] = [];
    const seats = touched.sorted();
    for (let at = 0; at < seats.length; ) {
      const section = this.#layout.sectionOfSeat[seats[at] ?? 0] ?? 0;
      const room = sectionRooms[section] ?? '';
      const toSection = this.#sink.has(room);
      at = this.#gather(seats, at, section);
      if (toAll || toSection) {
        const part = this.#encode(section);
        parts.push(part);
        const prev = this.#lastFrames[section] ?? 0;
        if (toSection) {
          const frame = { scope: section, epoch, prev, offset, parts: [part] };
          this.#sink.send(room, 'f', encodeFrame(frame));
          this.#sink.frameSent?.(this.#projection.event, room, prev, offset);
        }
      }
      this.#lastFrames[section] = offset;
    }
    if (toAll) {
      const frame = { scope: 'all', epoch, prev: this.#lastFrame, offset, parts } as const;
      this.#sink.send(allRoom, 'f', encodeFrame(frame));
      this.#sink.frameSent?.(this.#projection.event, allRoom, this.#lastFrame, offset);
    }
    this.#lastFrame = offset;
    return true;
  }

  /** Sends a beat to each room; only right after a flush, so that the digests are of what was sent. */
  beat(): void {
    const { position, map } = this.#projection;
    const { sections, allRoom, sectionRooms } = this.#layout;
    const toAll = this.#sink.has(allRoom);
    const digests: number[] = [];
    const head = { epoch: position.epoch, hubOffset: position.offset };
    for (const [section, room] of sectionRooms.entries()) {
      const toSection = this.#sink.has(room);
      if (!toAll && !toSection) continue;
      const { start, seatCount } = sections[section] ?? { start: 0, seatCount: 0 };
      const digest = sectionDigest(map, start, start + seatCount);
      if (toAll) digests.push(digest);
      if (!toSection) continue;
      const lastFrame = this.#lastFrames[section] ?? 0;
      const beat = encodeBeat({ scope: section, ...head, lastFrame, digests: [digest] });
      this.#sink.send(room, 'b', beat);
    }
    if (!toAll) return;
    const beat = encodeBeat({ scope: 'all', ...head, lastFrame: this.#lastFrame, digests });
    this.#sink.send(allRoom, 'b', beat);
  }

  /** Collects the touched seats of one section from `at` on; gives where the next section begins. */
  #gather(seats: Uint32Array, at: number, section: number): number {
    const { start, seatCount } = this.#layout.sections[section] ?? { start: 0, seatCount: 0 };
    const map: SeatMap = this.#projection.map;
    const end = start + seatCount;
    changes.count = 0;
    let next = at;
    for (; next < seats.length; next += 1) {
      const seat = seats[next] ?? 0;
      if (seat >= end) break;
      changes.indexes[changes.count] = seat - start;
      changes.states[changes.count] = map[seat] ?? 0;
      changes.count += 1;
    }
    return next === at ? at + 1 : next;
  }

  #encode(section: number): FramePart {
    const { start, seatCount } = this.#layout.sections[section] ?? { start: 0, seatCount: 0 };
    const { kind, payload } = encodeSeats(changes, this.#projection.map, start, start + seatCount);
    return { section, kind, payload };
  }
}
