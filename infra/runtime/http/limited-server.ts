import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '../network-of.ts';

/**
 * What an HTTP server gives to whom. Node's own limits are wide (a connection that says nothing may
 * stay for minutes, one that does not read for ever), and what an attacker needs are connections
 * that cost nothing. So each has its time, and there is a number of them.
 *
 * - `headersMs`, `requestMs`: until all headers, and the whole request, have arrived. A connection
 *   that never sends anything is one whose headers do not arrive.
 * - `idleMs`: without a byte in either direction; ends who asked for much and does not read it.
 *   It must be longer than any answer takes.
 * - `connectionsMax`: beyond it new connections are dropped at once.
 * - `perNetworkMax`: of them from one network; null behind a proxy, where all come from the proxy.
 */
export type HttpLimits = {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  readonly idleMs: number;
  readonly headerBytesMax: number;
  readonly headersMax: number;
  readonly connectionsMax: number;
  readonly perNetworkMax: number | null;
};

/** How often Node looks for connections whose time is over. */
const TIMEOUT_CHECK_MS = 1_000;

export type HttpListeners = {
  readonly request: RequestListener;
  /** Answers a request that does not name exactly one host, and closes its connection. */
  readonly wrongHost: (response: ServerResponse) => void;
};

/** A server that keeps these limits and hands on only requests that name one host. */
export function createLimitedServer(limits: HttpLimits, listeners: HttpListeners): Server {
  /** What comes after a request that was refused like this belongs to nobody. */
  const doomed = new WeakSet<Socket>();
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.headerBytesMax,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      requireHostHeader: false,
      noDelay: true,
    },
    (request, response) => {
      if (doomed.has(request.socket)) return;
      if (namesOneHost(request)) return listeners.request(request, response);
      doomed.add(request.socket);
      response.setHeader('Connection', 'close');
      listeners.wrongHost(response);
    },
  );
  server.maxHeadersCount = limits.headersMax;
  server.maxConnections = limits.connectionsMax;
  server.timeout = limits.idleMs;
  const { perNetworkMax } = limits;
  if (perNetworkMax !== null) limitNetworks(server, perNetworkMax);
  return server;
}

function limitNetworks(server: Server, perNetworkMax: number): void {
  const open = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = open.get(network) ?? 0;
    if (count >= perNetworkMax) {
      socket.destroy();
      return;
    }
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
  });
}

/**
 * Node takes the first of several hosts and goes on; a proxy that took the last would have checked
 * another request than the one that is served (RFC 9112 section 3.2).
 */
export function namesOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}
