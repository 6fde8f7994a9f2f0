import type { EventId, FeedEntry, Position, SaleState, SeatMap } from '@holdfast/db/model';

/** The state of all seats of an event as this process knows it. */
export type SeatView = {
  /** One byte a seat; a live array that later changes are written into. */
  readonly map: SeatMap;
  readonly position: Position;
  readonly chartHash: string;
  readonly sale: SaleState;
  /** Grows when the map was read anew or repaired without its position telling so. */
  readonly reloads: number;
  /** Monotonic ms at which the position was last seen to be the newest. */
  readonly verifiedAtMs: number;
};

/** Where requests read seats: the projection of this process. */
export interface SeatReader {
  /** The view, following the event from now on; null while the event has no open state. */
  project(event: EventId): Promise<SeatView | null>;
  /** What is known without asking anybody; null when the event is not followed yet. */
  peek(event: EventId): SeatView | null;
  /** Changes that this process made itself. */
  feed(event: EventId, epoch: string, entries: readonly FeedEntry[]): void;
}
