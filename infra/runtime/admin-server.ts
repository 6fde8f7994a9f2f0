import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

export type AdminServer = {
  /** The port it listens on, also when 0 was asked for. */
  readonly port: number;
  stop(): Promise<void>;
};

export type AdminServerParts = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether requests would be served well now; a rejection counts as no. */
  readonly isReady: () => boolean | Promise<boolean>;
  readonly registry: Registry;
  readonly logger: Logger;
};

const REQUEST_TIMEOUT_MS = 5_000;
const READY_LIMIT_MS = 1_000;
const HEADER_BYTES_MAX = 8_192;

/**
 * `/healthz` (the process turns its loop), `/readyz` (it would serve) and `/metrics` (Prometheus
 * text) on a port that is never published.
 */
export async function startAdminServer(parts: AdminServerParts): Promise<AdminServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
    },
    (request, response) => {
      answer(parts, request.url ?? '', response).catch((error: unknown) => {
        parts.logger.error({ err: error }, 'an admin request failed');
        response.destroy();
      });
    },
  );
  await listening(server, parts.host, parts.port);
  server.on('error', (error) => parts.logger.error({ err: error }, 'admin server trouble'));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return { port: address.port, stop: () => closed(server) };
}

async function answer(
  parts: AdminServerParts,
  url: string,
  response: ServerResponse,
): Promise<void> {
  if (url === '/healthz') return send(response, 200, 'ok\n');
  if (url === '/readyz') {
    const ready = await readyInTime(parts.isReady);
    return send(response, ready ? 200 : 503, ready ? 'ready\n' : 'not ready\n');
  }
  if (url === '/metrics') {
    return send(response, 200, await parts.registry.metrics(), parts.registry.contentType);
  }
  send(response, 404, 'Only /healthz, /readyz and /metrics live here.\n');
}

async function readyInTime(isReady: AdminServerParts['isReady']): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const limit = setTimeout(() => late.resolve(false), READY_LIMIT_MS);
  try {
    return await Promise.race([isReady(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
