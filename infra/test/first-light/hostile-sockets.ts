import { connect } from 'node:net';
import { PROTOCOL_VERSION, SOCKET_PATH } from '@holdfast/realtime-hub/protocol';
import { io, type Socket } from 'socket.io-client';

const ANSWER_LIMIT_MS = 5_000;

/** A socket as a hostile program opens it, through the gateway. */
function openSocket(url: string, auth: unknown): Socket {
  return io(url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { origin: url },
    // Hostile on purpose: the type asks for an object.
    auth: (answer) => answer(Object(auth)),
  });
}

/** Whether the handshake was refused; a connection that is granted is closed at once. */
export async function isRefused(url: string, auth: unknown): Promise<boolean> {
  const socket = openSocket(url, auth);
  const refused = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(false));
    socket.once('connect_error', () => resolve(true));
    // What is no handshake at all is not answered: the connection just ends.
    socket.once('disconnect', () => resolve(true));
  });
  socket.disconnect();
  return refused;
}

/** Asks `watch` with each of these over connections of a good shopper; answers what came back. */
export async function watchWith(
  url: string,
  auth: { readonly token: string; readonly event: string },
  requests: readonly unknown[],
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const request of requests) {
    const socket = openSocket(url, { ...auth, protocol: PROTOCOL_VERSION });
    const closed = new Promise<string>((resolve) => {
      socket.once('disconnect', resolve);
      socket.once('connect_error', (error) => resolve(error.message));
    });
    const asked: Promise<unknown> = socket.timeout(ANSWER_LIMIT_MS).emitWithAck('watch', request);
    answers.push(await Promise.race([asked.catch(() => 'no answer'), closed]));
    socket.disconnect();
  }
  return answers;
}

/** Sends bytes as they are and gives what came back until the other side closes, or half a second passed. */
export function sendBytes(url: string, parts: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
    socket.setTimeout(500, () => socket.destroy());
    for (const part of parts) socket.write(part);
  });
}

/** An upgrade that is accepted, and after it bytes that are no WebSocket frames, or forbidden ones. */
export function brokenUpgrades(url: string): (string | Uint8Array)[][] {
  const { host } = new URL(url);
  const upgrade = (key: string, path = '/socket.io/?EIO=4&transport=websocket'): string =>
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}`,
      `Origin: ${url}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
      '\r\n',
    ].join('\r\n');
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const unmasked = new Uint8Array([0x81, 0x02, 0x34, 0x30]);
  const endless = new Uint8Array([
    0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
  ]);
  const reserved = new Uint8Array([0xf3, 0x80, 0, 0, 0, 0]);
  return [
    [upgrade('short')],
    [upgrade(key, '/socket.io/?EIO=3&transport=websocket')],
    [upgrade(key, '/socket.io/?EIO=4&transport=websocket&sid=__proto__')],
    [upgrade(key, `/socket.io/?EIO=4&transport=websocket&x=${'y'.repeat(3_000)}`)],
    [upgrade(key), unmasked],
    [upgrade(key), endless],
    [upgrade(key), reserved],
    [upgrade(key), 'not a frame at all'],
  ];
}
