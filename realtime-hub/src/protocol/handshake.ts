/**
 * What a viewer sends as Socket.IO `auth` when it connects. One socket watches one event. The
 * token is the only credential (no cookies), so a foreign page cannot ride on a session.
 */
export type Handshake = {
  readonly token: string;
  readonly event: string;
  /** `PROTOCOL_VERSION` of the page. */
  readonly protocol: number;
};

/** Where the hub listens; the only transport is WebSocket. */
export const SOCKET_PATH = '/socket.io';
