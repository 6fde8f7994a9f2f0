import { createServer, type Server } from 'node:http';
import type { Logger } from '../../runtime/logger.ts';
import { createForwarder } from './forward-request.ts';
import { createUpgradeForwarder } from './forward-upgrade.ts';
import { createPageFiles } from './page-files.ts';
import { answerProblem, NOT_HERE } from './problem-answer.ts';
import { createUpstreams, type UpstreamsMessage } from './upstreams.ts';

/** The one port of a local stack: page, API and sockets of one origin. */
export type Gateway = {
  readonly port: number;
  setUpstreams(message: UpstreamsMessage): void;
  /** Takes no new connections and lets requests in hand finish. */
  drain(): Promise<void>;
  stop(): void;
};

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 5_000;
const HEADER_BYTES_MAX = 16_384;
const HEADERS_MAX = 64;
const URL_LENGTH_MAX = 4_096;
const API_PATH = /^\/(?:v1(?:\/|$|\?)|openapi\.json(?:$|\?))/;
/** Each process tells these at its admin port; a page in their place would pass for good health. */
const OPERATORS_PATH = /^\/+(?:healthz|readyz|metrics)(?:[/?]|$)/i;
const SOCKET_PATH = /^\/socket\.io\/?(?:$|\?)/;

export async function startGateway(parts: {
  readonly host: string;
  readonly port: number;
  readonly pageFolder: string;
  readonly logger: Logger;
}): Promise<Gateway> {
  const apis = createUpstreams();
  const hubs = createUpstreams();
  const toApi = createForwarder(apis);
  const toHub = createUpgradeForwarder(hubs);
  const servePage = createPageFiles(parts.pageFolder);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
      noDelay: true,
    },
    (request, response) => {
      response.on('error', () => undefined);
      const url = request.url ?? '/';
      if (url.length > URL_LENGTH_MAX) response.writeHead(414).end();
      else if (API_PATH.test(url)) toApi.forward(request, response);
      else if (OPERATORS_PATH.test(url)) answerProblem(response, NOT_HERE);
      else servePage(request, response);
    },
  );
  server.maxHeadersCount = HEADERS_MAX;
  server.on('upgrade', (request, socket, head) => {
    if (SOCKET_PATH.test(request.url ?? '')) toHub.forward(request, socket, head);
    else socket.destroy();
  });
  await listening(server, parts.host, parts.port);
  server.on('error', (error) => parts.logger.error({ err: error }, 'gateway trouble'));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    port: address.port,
    setUpstreams: ({ upstreams }) => {
      apis.replace(upstreams.apis);
      hubs.replace(upstreams.hubs);
    },
    drain: async () => {
      // Sockets would never end by themselves; their pages come back when they can.
      toHub.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
    stop: () => {
      server.closeAllConnections();
      toHub.stop();
      toApi.stop();
    },
  };
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
