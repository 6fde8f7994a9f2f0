import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createLimitedServer, type HttpLimits, type Logger } from '@holdfast/infra/runtime';
import { PROBLEM_MEDIA_TYPE, type ProblemCode } from '../contract/door.ts';
import { describeProblem } from './problem.ts';
import { refuse } from './refusal.ts';

const LIMITS = {
  requestMs: 15_000,
  headersMs: 5_000,
  // Longer than the pause of a shopper between two taps; shorter than what gateways keep.
  keepAliveMs: 30_000,
  idleMs: 30_000,
  headerBytesMax: 16_384,
  headersMax: 100,
} as const satisfies Partial<HttpLimits>;

export type ConnectionLimits = Pick<HttpLimits, 'connectionsMax' | 'perNetworkMax'>;

/** Listening, draining and closing of one HTTP server. */
export type HttpServer = {
  listen(host: string, port: number): Promise<number>;
  /** Takes no new connections; resolves when the requests in hand are answered. */
  drain(): Promise<void>;
  /** Cuts what is left. */
  stop(): Promise<void>;
};

export function createHttpServer(
  listener: RequestListener,
  logger: Logger,
  connections: ConnectionLimits,
): HttpServer {
  let draining = false;
  const inHand = new Set<ServerResponse>();
  const server = createLimitedServer(
    { ...LIMITS, ...connections },
    {
      wrongHost: refuseHost,
      request: (request, response) => {
        if (draining) response.setHeader('Connection', 'close');
        inHand.add(response);
        response.once('close', () => {
          inHand.delete(response);
          if (draining) server.closeIdleConnections();
        });
        listener(request, response);
      },
    },
  );
  server.on('clientError', refuseUnreadable);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => server.close(() => resolve()));
    return closed;
  };
  return {
    listen: (host, port) => listening(server, host, port, logger),
    drain: () => {
      draining = true;
      const drained = close();
      // A kept connection would hold the drain open until its owner loses interest.
      for (const response of inHand) {
        if (!response.headersSent) response.setHeader('Connection', 'close');
      }
      server.closeIdleConnections();
      return drained;
    },
    stop: () => {
      const stopped = close();
      server.closeAllConnections();
      return stopped;
    },
  };
}

function listening(server: Server, host: string, port: number, logger: Logger): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', (error) => logger.error({ err: error }, 'http server trouble'));
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
      else resolve(address.port);
    });
  });
}

const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'header.too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

/** Which host is meant nobody knows. */
function refuseHost(response: ServerResponse): void {
  const refusal = refuse('header.invalid', 'The request must name one host.');
  const problem = describeProblem(refusal, 'none');
  response.writeHead(problem.status, { 'Content-Type': PROBLEM_MEDIA_TYPE });
  response.end(JSON.stringify(problem));
}

/** What Node could not read as HTTP never becomes a request; it still gets a problem. */
function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const code = CODES[error.code ?? ''] ?? 'header.invalid';
  const problem = describeProblem(refuse(code, 'This is not a request that can be read.'), 'none');
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
