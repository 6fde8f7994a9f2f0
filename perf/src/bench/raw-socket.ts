import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/**
 * A Socket.IO client that costs next to nothing: it answers pings and hands on the text of each
 * message, so that one process can be a thousand viewers without being the bottleneck. It reads
 * what our servers send: whole, unmasked text frames (RFC 6455) of Engine.IO 4.
 */
export type RawSocket = {
  send(text: string): void;
  close(): void;
};

export type RawSocketPlan = {
  readonly port: number;
  readonly origin: string;
  /** What Socket.IO's `auth` is. */
  readonly auth: unknown;
  /** Engine.IO payloads of messages, as they came: `42["f","…"]`; valid until the call returns. */
  readonly onText: (payload: Buffer) => void;
  readonly onClose: () => void;
};

const UPGRADED = 'HTTP/1.1 101';
const HEAD_END = Buffer.from('\r\n\r\n');
const TEXT_OPCODE = 1;
const CLOSE_OPCODE = 8;
const KEY_BYTES = 16;
const SHORT_MAX = 125;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const PING = 0x32; // '2'
const OPEN = 0x30; // '0'
const MESSAGE = 0x34; // '4'

/** Connects and resolves when the server has taken the connection into its namespace. */
export function connectSocket(plan: RawSocketPlan): Promise<RawSocket> {
  const socket: Socket = connect(plan.port, '127.0.0.1');
  socket.setNoDelay(true);
  const joined = Promise.withResolvers<RawSocket>();
  const client: RawSocket = {
    send: (text) => socket.write(maskedText(text)),
    close: () => socket.destroy(),
  };
  let rest: Buffer = Buffer.alloc(0);
  let upgraded = false;
  let isJoined = false;
  const take = (payload: Buffer): void => {
    if (payload[0] === PING) client.send('3');
    else if (payload[0] === OPEN) client.send(`40${JSON.stringify(plan.auth)}`);
    else if (payload[0] === MESSAGE && !isJoined) {
      isJoined = payload[1] === OPEN;
      if (isJoined) joined.resolve(client);
      else joined.reject(new Error(`the server refused: ${payload.toString()}`));
    } else plan.onText(payload);
  };
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const end = rest.indexOf(HEAD_END);
      if (end < 0) return;
      const head = rest.toString('latin1', 0, end);
      if (!head.startsWith(UPGRADED)) {
        joined.reject(new Error(`no upgrade: ${head.split('\r\n')[0]}`));
        socket.destroy();
        return;
      }
      upgraded = true;
      rest = rest.subarray(end + HEAD_END.length);
    }
    rest = readFrames(rest, take, () => socket.destroy());
  });
  socket.on('error', (error) => joined.reject(error));
  socket.on('close', () => {
    joined.reject(new Error('the server closed the connection'));
    plan.onClose();
  });
  socket.write(upgradeRequest(plan));
  return joined.promise;
}

/** Hands on every whole frame; answers the bytes that are left. */
function readFrames(bytes: Buffer, take: (payload: Buffer) => void, closed: () => void): Buffer {
  let at = 0;
  while (bytes.length - at >= 2) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    let length = (bytes[at + 1] ?? 0) & 0x7f;
    let from = at + 2;
    if (length === LENGTH_16) {
      if (bytes.length < from + 2) break;
      length = bytes.readUInt16BE(from);
      from += 2;
    } else if (length === LENGTH_64) {
      if (bytes.length < from + 8) break;
      length = Number(bytes.readBigUInt64BE(from));
      from += 8;
    }
    if (bytes.length < from + length) break;
    if (opcode === TEXT_OPCODE) take(bytes.subarray(from, from + length));
    else if (opcode === CLOSE_OPCODE) closed();
    at = from + length;
  }
  return bytes.subarray(at);
}

/** A client's frames are masked; a mask of zeros leaves the text as it is. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const long = payload.length > SHORT_MAX;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x80 | TEXT_OPCODE;
  head[1] = 0x80 | (long ? LENGTH_16 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

function upgradeRequest({ port, origin }: RawSocketPlan): string {
  return [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(KEY_BYTES).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    `Origin: ${origin}`,
    '',
    '',
  ].join('\r\n');
}
