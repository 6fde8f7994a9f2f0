import { readHubRefusal } from '../protocol/refusal.ts';
import type { WatchRequest } from '../protocol/watch-request.ts';
import type { TransportListener, ViewerTransport } from './transport.ts';

/**
 * What this transport uses of a socket.io-client `Socket`, so that the viewer's door does not
 * depend on that package. Make the socket with `autoConnect: false, reconnection: false,
 * transports: ['websocket'], forceNew: true`: the viewer decides when to connect again.
 */
export interface SocketLike {
  connect(): unknown;
  disconnect(): unknown;
  on(name: string, listener: (value: unknown) => void): unknown;
  emit(name: string, value: unknown, answer: (reply: unknown) => void): unknown;
}

/** The viewer's transport over a Socket.IO connection to a hub. */
export function createSocketTransport(socket: SocketLike): ViewerTransport {
  return {
    listen: (listener) => attach(socket, listener),
    connect: () => {
      socket.connect();
    },
    watch: (request: WatchRequest, answer) => {
      socket.emit('watch', request, answer);
    },
    close: () => {
      socket.disconnect();
    },
  };
}

function attach(socket: SocketLike, listener: TransportListener): void {
  socket.on('connect', () => listener.opened());
  socket.on('disconnect', (reason) => {
    // Our own `disconnect` is no news to the viewer that called it.
    if (reason !== 'io client disconnect') listener.lost();
  });
  socket.on('connect_error', (error) => {
    const refusal = refusalOf(error);
    if (refusal === null) listener.lost();
    else listener.refused(refusal);
  });
  socket.on('bye', (refusal) => listener.refused(refusal));
  socket.on('again', (refusal) => listener.again(refusal));
  socket.on('f', (text) => listener.frame(text));
  socket.on('b', (text) => listener.beat(text));
  socket.on('o', (text) => listener.overview(text));
  socket.on('sale', (message) => listener.sale(message));
  socket.on('truth', (message) => listener.truth(message));
  socket.on('notice', (notice) => listener.notice(notice));
}

/** A handshake refused by the hub arrives as an error whose `data` is the refusal. */
function refusalOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null;
  return readHubRefusal(error.data);
}
