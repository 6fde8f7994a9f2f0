/** The door of the projection: an event's seats in memory, kept true. */
export type { ProjectionListener } from './event-reader.ts';
export { createReader, type Reader, type ReaderOptions } from './reader.ts';
export type { ReaderCounters } from './reader-counters.ts';
export type { SeatProjection } from './seat-projection.ts';
