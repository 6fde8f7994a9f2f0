import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LOOPBACK } from '../free-port.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { NO_UPSTREAM, problemText } from './problem-answer.ts';
import type { Upstreams } from './upstreams.ts';

const CONNECT_LIMIT_MS = 2_000;
/** A hub that took the connection and says nothing in this time stands still. */
const ANSWER_LIMIT_MS = 10_000;

/**
 * Passes WebSocket upgrades on to a group of servers in turn: the request line and headers are
 * written again, then bytes flow both ways untouched. A server that cannot be reached is skipped.
 */
export function createUpgradeForwarder(upstreams: Upstreams): {
  forward(request: IncomingMessage, client: Duplex, head: Buffer): void;
  /** Ends all open connections. */
  stop(): void;
} {
  const open = new Set<Duplex>();
  const join = (client: Duplex, server: Socket, first: string, head: Buffer): void => {
    for (const end of [client, server]) {
      open.add(end);
      end.once('close', () => {
        open.delete(end);
        (end === client ? server : client).destroy();
      });
    }
    server.write(first);
    if (head.length > 0) server.write(head);
    server.pipe(client).pipe(server);
  };
  const attempt = (
    ports: readonly number[],
    request: IncomingMessage,
    client: Duplex,
    head: Buffer,
  ): void => {
    const [port, ...others] = ports;
    if (client.destroyed) return;
    if (port === undefined) {
      refuse(client);
      return;
    }
    const server = connect({ host: LOOPBACK, port, noDelay: true });
    const next = (): void => {
      server.destroy();
      attempt(others, request, client, head);
    };
    server.setTimeout(CONNECT_LIMIT_MS, next);
    server.once('error', next);
    server.once('connect', () => {
      server.removeListener('timeout', next);
      server.setTimeout(ANSWER_LIMIT_MS, () => server.destroy());
      server.once('data', () => server.setTimeout(0));
      server.off('error', next);
      // From here on 'close' tells both ends; the error itself has no further reader.
      server.on('error', () => undefined);
      join(client, server, upgradeHead(request), head);
    });
  };
  return {
    forward: (request, client, head) => {
      client.on('error', () => undefined);
      // From here on it lives as long as its hub wants; the limits of requests are over.
      request.socket.setTimeout(0);
      attempt(upstreams.inTurn(), request, client, head);
    },
    stop: () => {
      for (const end of open) end.destroy();
    },
  };
}

function upgradeHead(request: IncomingMessage): string {
  const headers = [...forwardedHeaders(request), 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
  const lines = [`GET ${request.url ?? '/'} HTTP/1.1`];
  for (let at = 0; at + 1 < headers.length; at += 2)
    lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function refuse(client: Duplex): void {
  const body = problemText(NO_UPSTREAM);
  client.end(
    [
      'HTTP/1.1 502 Bad Gateway',
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
