import { connect } from 'node:net';

/** A second request that must never be served when it is hidden in the body of the first. */
const HIDDEN = 'GET /v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n';
const MANY_HEADERS = Array.from({ length: 300 }, (_, at) => `X-${at}: 1`).join('\r\n');

function post(...headers: readonly string[]): string {
  return `POST /v1/first HTTP/1.1\r\nHost: x\r\n${headers.join('\r\n')}\r\n\r\n`;
}

/**
 * Requests whose end two servers in a row could see in different places, by what is wrong with them
 * (RFC 9112 sections 3.2, 5.1, 6 and 7). Each is to be refused, and its connection to be closed.
 */
export const SMUGGLED_REQUESTS: Readonly<Record<string, string>> = {
  'a length and chunks': `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`,
  'chunks and a length': `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${HIDDEN}`,
  'two lengths': `${post('Content-Length: 5', 'Content-Length: 6')}hello${HIDDEN}`,
  'the same length twice': `${post('Content-Length: 5', 'Content-Length: 5')}hello${HIDDEN}`,
  'a list of lengths': `${post('Content-Length: 5, 5')}hello${HIDDEN}`,
  'a length with a sign': `${post('Content-Length: +5')}hello${HIDDEN}`,
  'a negative length': `${post('Content-Length: -5')}hello${HIDDEN}`,
  'a length in hex': `${post('Content-Length: 0x5')}hello${HIDDEN}`,
  'an encoding after chunked': `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${HIDDEN}`,
  'an unknown encoding': `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${HIDDEN}`,
  'two encodings': `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${HIDDEN}`,
  'an encoding in HTTP/1.0': `POST /v1/first HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'a space before the colon': `${post('Transfer-Encoding : chunked')}0\r\n\r\n${HIDDEN}`,
  'a folded header': `${post('X: a', ' Transfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`,
  'bare line feeds': `POST /v1/first HTTP/1.1\nHost: x\nContent-Length: 5\n\nhello${HIDDEN}`,
  'a zero byte in a header': `${post('X: a\u0000b')}${HIDDEN}`,
  'a chunk that ends with a bare line feed': `${post('Transfer-Encoding: chunked')}5\nhello\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk larger than any number': `${post('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n${HIDDEN}`,
  'a chunk with an endless extension': `${post('Transfer-Encoding: chunked')}5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n${HIDDEN}`,
  'a length behind more headers than are read': `${post(MANY_HEADERS, `Content-Length: ${HIDDEN.length}`)}${HIDDEN}`,
  'two hosts': `GET /v1/first HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n${HIDDEN}`,
  'no host': `GET /v1/first HTTP/1.1\r\n\r\n${HIDDEN}`,
};

const ANSWER_LIMIT_MS = 5_000;

/** Sends bytes as they are; gives all that came back until the other side closed. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
    socket.setTimeout(ANSWER_LIMIT_MS, () => {
      socket.destroy();
      reject(new Error(`still open after ${ANSWER_LIMIT_MS} ms: ${answer.slice(0, 200)}`));
    });
  });
}
