import { connect, type Socket } from 'node:net';
import { SOCKET_PATH } from '@holdfast/realtime-hub/protocol';

/** Connections of an attacker that begin and never get on. */
export type HalfOpen = {
  readonly opened: number;
  /** How many the other side has not ended yet. */
  left(): number;
  destroy(): void;
};

/** What each of them sends: nothing, the half of a request, or an upgrade after which nobody joins. */
export type Beginning = 'nothing' | 'half a request' | 'an upgrade';

const AT_ONCE = 100;

/** Opens `count` of them, a few at once: what is tested is the server, not the queue of the kernel. */
export async function openHalfOpen(
  url: string,
  count: number,
  beginning: Beginning,
): Promise<HalfOpen> {
  const sockets: Socket[] = [];
  const port = Number(new URL(url).port);
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - opened) }, () => openOne(port));
    sockets.push(...(await Promise.all(batch)));
  }
  const bytes = bytesOf(url, beginning);
  if (bytes !== '') for (const socket of sockets) socket.write(bytes);
  return {
    opened: sockets.length,
    left: () => sockets.filter((socket) => !socket.closed).length,
    destroy: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function openOne(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('close', () => resolve(socket));
  });
}

function bytesOf(url: string, beginning: Beginning): string {
  if (beginning === 'nothing') return '';
  const head = [
    `GET ${SOCKET_PATH}/?EIO=4&transport=websocket HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Origin: ${url}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
  ].join('\r\n');
  return beginning === 'an upgrade' ? `${head}\r\n` : head;
}
