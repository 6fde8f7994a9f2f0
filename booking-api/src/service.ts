import type { Catalogue } from '@holdfast/db/catalogue';
import type { Ambient, HoldStore } from '@holdfast/db/model';
import type {
  Logger,
  NetworkHash,
  Registry,
  Service,
  TokenIssuer,
  TokenVerifier,
} from '@holdfast/infra/runtime';
import Koa from 'koa';
import { createBudgetMeter } from './budget-meter.ts';
import { auditOperators } from './edge/audit-operators.ts';
import type { Handlers } from './edge/call.ts';
import { crossOrigin } from './edge/cross-origin.ts';
import { createHttpServer } from './edge/http-server.ts';
import { mountRoutes } from './edge/mount-routes.ts';
import { type EdgeState, observe } from './edge/observe.ts';
import type { RequestLimiter } from './edge/rate-limit.ts';
import { rememberTokens } from './edge/remembered-tokens.ts';
import { securityHeaders } from './edge/security-headers.ts';
import { unmatched } from './edge/unmatched.ts';
import { createChartCache } from './events/chart-cache.ts';
import { createEventCache } from './events/event-cache.ts';
import type { SeatReader } from './events/seat-reader.ts';
import { createSnapshotCache } from './events/snapshot-cache.ts';
import { createSteadyClocks, noteClocks } from './events/steady-clocks.ts';
import { serveDocument } from './openapi/serve-document.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { holdRoutes } from './routes/hold-routes.ts';
import { operatorRoutes } from './routes/operator-routes.ts';
import { seatRoutes } from './routes/seat-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import type { Announcer, LiveEventHints, SeatLock } from './use-cases/hold-parts.ts';

/** Everything the API works with; who opens a connection closes it. */
export type BookingApiDeps = {
  readonly store: HoldStore;
  readonly lock: SeatLock;
  readonly live: LiveEventHints;
  readonly catalogue: Catalogue;
  readonly reader: SeatReader;
  readonly announcer: Announcer;
  readonly verifier: TokenVerifier;
  readonly issuer: TokenIssuer;
  readonly limiter: RequestLimiter;
  readonly networks: NetworkHash;
  readonly ambient: Ambient;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly settings: BookingApiSettings;
};

export type BookingApiSettings = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  /** Proxies in front whose `X-Forwarded-For` is believed; 0 believes nobody. */
  readonly trustedProxyHops: number;
  readonly shopperTokenTtlSeconds: number;
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
};

export type BookingApi = Service & {
  /** The port it listens on; 0 until `run` has resolved. */
  port(): number;
  /** False before it listens and from the beginning of its drain on. */
  isServing(): boolean;
};

/**
 * The HTTP side of Holdfast. It keeps nothing of its own: every process of an installation answers
 * every request alike, so any of them may be added, drained or killed at any time.
 */
export function createBookingApi(deps: BookingApiDeps): BookingApi {
  const { settings } = deps;
  const server = createHttpServer(createApp(deps).callback(), deps.logger, {
    connectionsMax: settings.connectionsMax,
    // Behind a proxy all connections come from the proxy, which has to count.
    perNetworkMax: settings.trustedProxyHops > 0 ? null : settings.connectionsPerAddressMax,
  });
  let port = 0;
  let serving = false;
  return {
    port: () => port,
    isServing: () => serving,
    run: async () => {
      port = await server.listen(settings.host, settings.port);
      serving = true;
    },
    drain: () => {
      serving = false;
      return server.drain();
    },
    stop: () => {
      serving = false;
      return server.stop();
    },
  };
}

function createApp(deps: BookingApiDeps): Koa<EdgeState> {
  const { trustedProxyHops, allowedOrigins } = deps.settings;
  // Only the last hops of X-Forwarded-For were written by proxies of ours; the rest anybody can send.
  const app = new Koa<EdgeState>({
    proxy: trustedProxyHops > 0,
    maxIpsCount: trustedProxyHops,
  });
  // Failures are logged with their request; what still arrives here is a socket that broke.
  app.on('error', (error: unknown) => deps.logger.debug({ err: error }, 'answer was not taken'));
  app.use(observe(deps));
  app.use(securityHeaders());
  app.use(crossOrigin(allowedOrigins));
  app.use(auditOperators(deps.logger));
  app.use(serveDocument());
  const verifier = rememberTokens(deps.verifier, deps.ambient.clock);
  app.use(mountRoutes(createHandlers(deps), { verifier, limiter: deps.limiter }).routes());
  app.use(unmatched());
  return app;
}

/** What requests are answered from once the edge has let them in. */
export type HandlerDeps = Omit<BookingApiDeps, 'verifier' | 'limiter' | 'settings'> & {
  readonly settings: Pick<BookingApiSettings, 'shopperTokenTtlSeconds'>;
};

/** The answers to all operations, without HTTP around them. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const { catalogue, ambient, issuer, settings } = deps;
  const clocks = createSteadyClocks(ambient.clock);
  const parts = {
    ...deps,
    clocks,
    store: noteClocks(deps.store, clocks, ambient.clock),
    events: createEventCache(catalogue, ambient.clock),
    charts: createChartCache(catalogue),
    snapshots: createSnapshotCache(),
    budgets: createBudgetMeter(deps.registry),
  };
  return {
    ...sessionRoutes({ issuer, ambient, ttlSeconds: settings.shopperTokenTtlSeconds }),
    ...eventRoutes(parts),
    ...seatRoutes(parts),
    ...holdRoutes(parts),
    ...operatorRoutes(parts),
  };
}
