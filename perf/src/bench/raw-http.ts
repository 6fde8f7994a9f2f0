import { connect, type Socket } from 'node:net';

/**
 * A keep-alive HTTP/1.1 connection that costs the load side as little as it can: requests are ready
 * bytes, of an answer only the status and the length of the body are read. It understands what our
 * own servers send (`Content-Length`), nothing else.
 */
export type RawHttp = {
  /** Sends one request and resolves with the status of its answer; one at a time. */
  request(bytes: Buffer): Promise<number>;
  close(): void;
};

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH_HEADER = /\r\ncontent-length: (\d+)/i;
const STATUS_FROM = 9;
const STATUS_TO = 12;

type Waiting = {
  readonly resolve: (status: number) => void;
  readonly reject: (error: Error) => void;
};

export async function connectHttp(port: number): Promise<RawHttp> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let waiting: Waiting | null = null;
  let rest: Buffer = Buffer.alloc(0);
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answer = readAnswer(rest);
    if (answer === null) return;
    rest = rest.subarray(answer.length);
    const one = waiting;
    waiting = null;
    one?.resolve(answer.status);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });
  return {
    request: (bytes) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (socket.destroyed) fail(new Error('the server had closed the connection'));
        else socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
}

function readAnswer(bytes: Buffer): { readonly status: number; readonly length: number } | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = end + HEAD_END.length + Number(LENGTH_HEADER.exec(head)?.[1] ?? 0);
  if (bytes.length < length) return null;
  return { status: Number(head.slice(STATUS_FROM, STATUS_TO)), length };
}

/** A POST of JSON as bytes. */
export function encodePost(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Buffer {
  const text = JSON.stringify(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('')}Content-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
