import { connect, type Socket } from 'node:net';
import { SOCKET_PATH } from '@holdfast/realtime-hub/protocol';

/** A connection by hand: what a hostile program does that no library would do. */
export type RawSocket = {
  readonly socket: Socket;
  /** All that came back so far. */
  readonly got: () => string;
  /** Resolves when the other side has ended it. */
  readonly closed: Promise<void>;
  send(bytes: string | Uint8Array): void;
};

export async function rawConnect(port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  let got = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    got += text;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const connected = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  await Promise.race([connected, closed]);
  return { socket, got: () => got, closed, send: (bytes) => void socket.write(bytes) };
}

/** An upgrade as a page of `origin` asks for it, without its last line. */
export function upgradeHead(origin: string): string {
  return [
    `GET ${SOCKET_PATH}/?EIO=4&transport=websocket HTTP/1.1`,
    'Host: hub.example.org',
    `Origin: ${origin}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
  ].join('\r\n');
}

const MASK = 0x80;
const FINAL = 0x80;
export const TEXT_FRAME = 0x1;
export const PING_FRAME = 0x9;

const SHORT_MAX = 125;
const LONG = 126;

/** A client frame (RFC 6455) of at most 64 KiB, masked with zeros. */
export function frame(kind: number, text: string): Uint8Array {
  const body = Buffer.from(text);
  const { length } = body;
  const size = length <= SHORT_MAX ? [length] : [LONG, length >> 8, length & 0xff];
  const [first = 0, ...rest] = size;
  return Buffer.concat([Buffer.from([FINAL | kind, MASK | first, ...rest, 0, 0, 0, 0]), body]);
}
