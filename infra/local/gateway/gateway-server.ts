import type { Server } from 'node:http';
import {
  createLimitedServer,
  type HttpLimits,
  namesOneHost,
} from '../../runtime/http/limited-server.ts';
import type { Logger } from '../../runtime/logger.ts';
import { createForwarder } from './forward-request.ts';
import { createUpgradeForwarder } from './forward-upgrade.ts';
import { createPageFiles } from './page-files.ts';
import { answerProblem, NOT_HERE, NOT_ONE_HOST } from './problem-answer.ts';
import { createUpstreams, type UpstreamsMessage } from './upstreams.ts';

/** The one port of a local stack: page, API and sockets of one origin. */
export type Gateway = {
  readonly port: number;
  setUpstreams(message: UpstreamsMessage): void;
  /** Takes no new connections and lets requests in hand finish. */
  drain(): Promise<void>;
  stop(): void;
};

const LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  // Longer than it waits for an answer from behind.
  idleMs: 60_000,
  headerBytesMax: 16_384,
  headersMax: 64,
  // Surges bring 20,000 sockets, and all of this machine has one address.
  connectionsMax: 50_000,
  perNetworkMax: null,
};
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
  const server = createLimitedServer(LIMITS, {
    wrongHost: (response) => answerProblem(response, NOT_ONE_HOST),
    request: (request, response) => {
      response.on('error', () => undefined);
      const url = request.url ?? '/';
      if (url.length > URL_LENGTH_MAX) response.writeHead(414).end();
      else if (API_PATH.test(url)) toApi.forward(request, response);
      else if (OPERATORS_PATH.test(url)) answerProblem(response, NOT_HERE);
      else servePage(request, response);
    },
  });
  server.on('upgrade', (request, socket, head) => {
    const isSocket = SOCKET_PATH.test(request.url ?? '') && namesOneHost(request);
    if (isSocket) toHub.forward(request, socket, head);
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
