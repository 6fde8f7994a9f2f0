import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Ambient, CancelTimer, EventId } from '@holdfast/db/model';
import {
  createLimitedServer,
  type HttpLimits,
  type Logger,
  namesOneHost,
  type TokenVerifier,
} from '@holdfast/infra/runtime';
import { Server } from 'socket.io';
import { type BusServer, createBusAdapter } from '../bus/bus.ts';
import type { BusClients } from '../bus/bus-clients.ts';
import { eventRoom } from '../bus/rooms.ts';
import { SOCKET_PATH } from '../protocol/handshake.ts';
import { REQUEST_BYTES_MAX } from '../protocol/limits.ts';
import { hubRefusal } from '../protocol/refusal.ts';
import { Admission, type AdmissionRules, admissionSentence } from './admission.ts';
import { noteFrames } from './frame-log.ts';
import { type Admitted, HandshakeRefusedError, judgeHandshake } from './handshake-gate.ts';
import type { HoldRollCall } from './hold-roll-call.ts';
import type { EventSink, HubEvents } from './hub-events.ts';
import type { HubMetrics } from './hub-metrics.ts';
import { type Transport, TransportGuard } from './transport-guard.ts';
import { type HubSocket, ViewerSession } from './viewer-session.ts';

export type HubServerParts = {
  readonly bus: BusClients;
  readonly rules: AdmissionRules;
  readonly verifier: TokenVerifier;
  readonly isKnownEvent: (event: EventId) => Promise<boolean>;
  readonly ambient: Ambient;
  readonly logger: Logger;
};

type Served = {
  readonly events: HubEvents;
  readonly metrics: HubMetrics;
  readonly rollCall: HoldRollCall;
};

/** A transport that has not joined by then is closed. */
const CONNECT_TIMEOUT_MS = 5_000;
const BACKLOG_CHECK_MS = 250;
/** Of requests; a socket leaves them behind with its upgrade. Nobody has anything else to ask here. */
const HTTP_LIMITS = {
  headersMs: 5_000,
  requestMs: 5_000,
  keepAliveMs: 1_000,
  idleMs: 10_000,
  headerBytesMax: 16_384,
  headersMax: 64,
} as const satisfies Partial<HttpLimits>;
/** Connections beyond the sockets: those that are about to become one, or to be refused. */
const CONNECTIONS_SPARE = 1_000;
const CONNECTIONS_SPARE_PER_ADDRESS = 20;
const DRAIN_BATCHES = 20;
const DRAIN_PAUSE_MS = 50;
/** Viewers of a draining hub come back elsewhere spread over this time. */
const DRAIN_SPREAD_MS = 5_000;

/**
 * The sockets of a hub. Only WebSocket, no compression (frames are shared and short), no cookies;
 * a message is at most `REQUEST_BYTES_MAX` bytes. Deltas of other processes arrive by the Redis
 * adapter, frames leave to local sockets only: each hub builds its own.
 */
export class HubServer {
  readonly #parts: HubServerParts;
  readonly #http: HttpServer;
  readonly #io: BusServer<Record<string, never>>;
  readonly #admission: Admission;
  readonly #admitted = new WeakMap<HubSocket, Admitted>();
  readonly #sessions = new Set<ViewerSession>();
  #guard: TransportGuard | null = null;
  #stopBacklog: CancelTimer = () => undefined;

  constructor(parts: HubServerParts) {
    this.#parts = parts;
    this.#admission = new Admission(parts.rules);
    const notHere = (response: ServerResponse): void => {
      response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' });
      response.end('Only sockets live here.\n');
    };
    this.#http = createLimitedServer(httpLimits(parts.rules), {
      request: (_, response) => notHere(response),
      wrongHost: notHere,
    });
    this.#http.on('error', (err) => parts.logger.error({ err }, 'socket server trouble'));
    this.#io = new Server(this.#http, {
      path: SOCKET_PATH,
      adapter: createBusAdapter(parts.bus),
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: REQUEST_BYTES_MAX,
      connectTimeout: CONNECT_TIMEOUT_MS,
      cleanupEmptyChildNamespaces: true,
      allowRequest: (request, decide) => this.#admit(request, decide),
    });
  }

  /** The number of sockets that passed the handshake. */
  get sockets(): number {
    return this.#sessions.size;
  }

  /** Gives what the server sends to; to be handed to `HubEvents`. */
  sink(metrics: () => HubMetrics): EventSink {
    const { rooms } = this.#io.of('/').adapter;
    return {
      has: (room) => rooms.has(room),
      send: (room, name, text) => {
        this.#io.local.to(room).emit(name, text);
        metrics().sent(name, text.length, rooms.get(room)?.size ?? 0);
      },
      sale: (event, sale) => {
        this.#io.local.to(eventRoom(event)).emit('sale', { sale });
      },
      truth: (event, reached) => {
        this.#io.local.to(eventRoom(event)).emit('truth', { reached });
      },
      again: (event, refusal) => {
        this.#io.local.to(eventRoom(event)).emit('again', refusal);
      },
      epochBegan: (event) => {
        for (const session of this.#sessions) if (session.event === event) session.callRoll();
      },
      frameSent: noteFrames(this.#parts.logger, (room) => rooms.get(room)?.size ?? 0),
    };
  }

  /** Begins to take connections; gives the port. */
  async listen(host: string, port: number, served: Served): Promise<number> {
    const { ambient } = this.#parts;
    this.#io.use((socket, next) => {
      this.#judge(socket).then(
        () => next(),
        (error: unknown) => next(this.#refusalOf(error, served.metrics)),
      );
    });
    this.#io.on('connection', (socket) => this.#welcome(socket, served));
    this.#io.on('delta', (message) => served.events.reader.offer(message));
    const guard = new TransportGuard(ambient, () => served.metrics.refused('rate.exceeded'));
    this.#guard = guard;
    this.#io.engine.on('connection', (transport: Transport & { request: IncomingMessage }) => {
      transport.once('close', this.#admission.count(transport.request));
      guard.watch(transport);
    });
    this.#stopBacklog = ambient.timers.every(BACKLOG_CHECK_MS, () => {
      for (const session of this.#sessions) session.checkBacklog();
    });
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, host, () => {
        this.#http.off('error', reject);
        resolve();
      });
    });
    const address = this.#http.address();
    return address === null || typeof address === 'string' ? port : address.port;
  }

  /** Takes nobody new and sends everybody to another hub, a few at a time. */
  async drain(): Promise<void> {
    this.#admission.close();
    const { random, timers } = this.#parts.ambient;
    const leaving = [...this.#sessions];
    const batch = Math.ceil(leaving.length / DRAIN_BATCHES);
    while (leaving.length > 0) {
      for (const session of leaving.splice(0, batch)) {
        const retryAfterMs = Math.round(random.fraction() * DRAIN_SPREAD_MS);
        session.end({ ...hubRefusal('hub.draining'), retryAfterMs });
      }
      await new Promise<void>((resolve) => {
        timers.after(DRAIN_PAUSE_MS, resolve);
      });
    }
  }

  async stop(): Promise<void> {
    this.#admission.close();
    this.#stopBacklog();
    for (const session of this.#sessions) session.close();
    await this.#io.close();
    this.#guard?.stop();
    await this.#parts.bus.settled();
  }

  #admit(
    request: IncomingMessage,
    decide: (message: string | null, admitted: boolean) => void,
  ): void {
    const code = this.#admission.judge(request);
    if (!namesOneHost(request)) decide('one Host header, please', false);
    else if (code === null) decide(null, true);
    else decide(admissionSentence(code), false);
  }

  async #judge(socket: HubSocket): Promise<void> {
    if (this.#guard?.mayJoin(socket.conn) !== true) {
      throw new HandshakeRefusedError(hubRefusal('rate.exceeded'));
    }
    if (this.#admission.closing) throw new HandshakeRefusedError(hubRefusal('hub.draining'));
    // Before the token is proved: a full hub has better things to do.
    if (this.#admission.full) throw new HandshakeRefusedError(hubRefusal('hub.full'));
    const judged = await judgeHandshake(socket.handshake.auth, this.#parts);
    if (judged.outcome === 'refused') throw new HandshakeRefusedError(judged);
    this.#admitted.set(socket, judged);
  }

  /** A failure of our own is not the viewer's: it may try again. */
  #refusalOf(error: unknown, metrics: HubMetrics): HandshakeRefusedError {
    const refused =
      error instanceof HandshakeRefusedError
        ? error
        : new HandshakeRefusedError(hubRefusal('event.loading'));
    if (refused !== error) this.#parts.logger.error({ err: error }, 'a handshake failed');
    metrics.refused(refused.data.code);
    return refused;
  }

  #welcome(socket: HubSocket, { events, metrics, rollCall }: Served): void {
    const admitted = this.#admitted.get(socket);
    if (admitted === undefined) {
      socket.disconnect(true);
      return;
    }
    const { verifier, ambient, logger } = this.#parts;
    const leave = events.visit(admitted.event);
    const session = new ViewerSession({
      socket,
      admitted,
      events,
      rollCall,
      verifier,
      ambient,
      metrics,
      logger,
    });
    this.#sessions.add(session);
    metrics.connected(1);
    socket.on('error', (err) => logger.debug({ err, socket: socket.id }, 'socket trouble'));
    socket.once('disconnect', () => {
      this.#sessions.delete(session);
      session.close();
      leave();
      metrics.connected(-1);
    });
    session.start();
  }
}

/** Behind a proxy all connections come from the proxy, which has to count those that say nothing. */
function httpLimits(rules: AdmissionRules): HttpLimits {
  const { socketsMax, socketsPerAddressMax, trustedProxyHops } = rules;
  const perAddress = socketsPerAddressMax + CONNECTIONS_SPARE_PER_ADDRESS;
  return {
    ...HTTP_LIMITS,
    connectionsMax: socketsMax + CONNECTIONS_SPARE,
    perNetworkMax: trustedProxyHops > 0 ? null : perAddress,
  };
}
