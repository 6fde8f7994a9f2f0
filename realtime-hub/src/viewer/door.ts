/** The door of the one viewer: pure and browser-safe. */
export { type ConnectionState, sameState } from './connection-state.ts';
export type { SectionState } from './following.ts';
export type { SectionRange } from './seat-picture.ts';
export { createSocketTransport, type SocketLike } from './socket-transport.ts';
export type { TransportListener, ViewerTransport } from './transport.ts';
export { createViewer, type Viewer, type ViewerListener, type ViewerOptions } from './viewer.ts';
