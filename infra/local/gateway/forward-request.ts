import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import { LOOPBACK } from '../free-port.ts';
import { answerHeaders, forwardedHeaders } from './forwarded-headers.ts';
import { answerProblem, NO_UPSTREAM, UPSTREAM_BROKE, UPSTREAM_LATE } from './problem-answer.ts';
import type { Upstreams } from './upstreams.ts';

export type Forwarder = {
  forward(incoming: IncomingMessage, response: ServerResponse): void;
  stop(): void;
};

/** Longer than the API's own limit, so that its answer is the one that people see. */
const ANSWER_LIMIT_MS = 30_000;
const SOCKETS_PER_UPSTREAM_MAX = 256;
const IDLE_SOCKET_LIMIT_MS = 4_000;

/**
 * Passes requests on to a group of servers in turn. A server that cannot be reached is skipped,
 * which is safe because the body is sent only over a connection that stands. When a connection
 * breaks later, reads go on to the next server (RFC 9110 section 9.2.2); a call that may have
 * changed something is not tried again here, since only its caller knows its Idempotency-Key.
 */
export function createForwarder(upstreams: Upstreams): Forwarder {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: SOCKETS_PER_UPSTREAM_MAX,
    timeout: IDLE_SOCKET_LIMIT_MS + ANSWER_LIMIT_MS,
  });
  return {
    forward: (incoming, response) => {
      attempt(agent, upstreams.inTurn(), incoming, response);
    },
    stop: () => agent.destroy(),
  };
}

function attempt(
  agent: Agent,
  ports: readonly number[],
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  const [port, ...others] = ports;
  if (port === undefined) {
    answerProblem(response, NO_UPSTREAM);
    return;
  }
  const outgoing = request({
    agent,
    host: LOOPBACK,
    port,
    method: incoming.method,
    path: incoming.url,
    headers: [...forwardedHeaders(incoming), ...bodyFraming(incoming)],
    timeout: ANSWER_LIMIT_MS,
  });
  let isConnected = false;
  let isLate = false;
  whenConnected(outgoing, () => {
    isConnected = true;
    // Not `pipeline`: a server that goes away must not take the caller's connection with it.
    if (isPlainRead(incoming)) outgoing.end();
    else incoming.pipe(outgoing);
  });
  outgoing.once('timeout', () => {
    isLate = true;
    outgoing.destroy(new Error('late'));
  });
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answerHeaders(answer));
    pipeline(answer, response, () => letGoOfBody(incoming, outgoing));
  });
  outgoing.on('error', () => {
    const isSafe = !isConnected || (isPlainRead(incoming) && !isLate);
    if (isSafe && !response.headersSent) {
      attempt(agent, others, incoming, response);
      return;
    }
    incoming.unpipe(outgoing).resume();
    answerProblem(response, isLate ? UPSTREAM_LATE : UPSTREAM_BROKE);
  });
  response.once('close', () => {
    // The caller is gone; a server that still works on it should learn that.
    if (!response.writableFinished) outgoing.destroy();
  });
}

/**
 * A server may refuse before it has read the whole body. What is left has no reader then, and a
 * caller's next request on the same connection would wait behind it for ever: it is read and dropped.
 */
function letGoOfBody(incoming: IncomingMessage, outgoing: ClientRequest): void {
  if (outgoing.writableFinished) return;
  incoming.unpipe(outgoing).resume();
  outgoing.destroy();
}

function whenConnected(outgoing: ClientRequest, task: () => void): void {
  outgoing.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', task);
    else task();
  });
}

/** Nothing is changed by it and it has no body that was sent already. */
function isPlainRead(incoming: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers;
  const hasBody = (length !== undefined && length !== '0') || encoding !== undefined;
  return (incoming.method === 'GET' || incoming.method === 'HEAD') && !hasBody;
}

/**
 * A body without a length needs chunks of its own on the next connection. Node adds them by itself
 * for POST only; sent bare after a DELETE, the body would be read as a second request.
 */
function bodyFraming(incoming: IncomingMessage): string[] {
  return incoming.headers['transfer-encoding'] === undefined
    ? []
    : ['Transfer-Encoding', 'chunked'];
}
