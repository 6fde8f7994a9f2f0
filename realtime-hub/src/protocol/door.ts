/** The door of the socket wire: pure and browser-safe. Start reading at `socket-messages.ts`. */
export { type Beat, decodeBeat, encodeBeat } from './beat.ts';
export type { Decoded } from './decoded.ts';
export { movedDigest, sectionDigest } from './digest.ts';
export { decodeFrame, encodeFrame, type Frame, type FramePart, type Scope } from './frame.ts';
export { type Handshake, SOCKET_PATH } from './handshake.ts';
export {
  BEAT_PERIOD_MS,
  FRAME_TICK_MS,
  OVERVIEW_PERIOD_MS,
  REQUEST_BYTES_MAX,
  SECTIONS_MAX,
} from './limits.ts';
export { eventOfNotice, type OwnerNotice, readOwnerNotice } from './notice.ts';
export { decodeOverview, encodeOverview, type Overview } from './overview.ts';
export {
  type HubRefusal,
  hubRefusal,
  type NextStep,
  type RefusalCode,
  readHubRefusal,
} from './refusal.ts';
export { readSaleMessage, type SaleMessage } from './sale.ts';
export {
  createSeatChanges,
  decodeFullState,
  decodeSeatChanges,
  encodeFullState,
  encodeSeatChanges,
  encodeSeats,
  type SeatChanges,
} from './seat-payload.ts';
export type { HubMessages, ViewerMessages } from './socket-messages.ts';
export { readTruthMessage, type TruthMessage } from './truth.ts';
export { PROTOCOL_HISTORY, PROTOCOL_VERSION } from './version.ts';
export {
  readWatchReply,
  type SectionAnswer,
  type WatchAnswer,
  type WatchReply,
} from './watch-answer.ts';
export type { SectionOffset, WatchRequest } from './watch-request.ts';
