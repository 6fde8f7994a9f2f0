import { type Ambient, type EventId, eventOfHold, type HoldId } from '@holdfast/db/model';
import type { Logger, TokenVerifier } from '@holdfast/infra/runtime';
import type { Socket } from 'socket.io';
import type { BusMessages } from '../bus/bus.ts';
import { eventRoom, ownerRoom } from '../bus/rooms.ts';
import type { EventChannel } from '../event/event-channel.ts';
import { type HubRefusal, hubRefusal, type RefusalCode } from '../protocol/refusal.ts';
import type { HubMessages, ViewerMessages } from '../protocol/socket-messages.ts';
import type { WatchAnswer, WatchReply } from '../protocol/watch-answer.ts';
import type { WatchRequest } from '../protocol/watch-request.ts';
import { SingleTimer } from '../retry/single-timer.ts';
import { cutConnection, waitingBytes } from './backlog.ts';
import type { Admitted } from './handshake-gate.ts';
import type { HoldRollCall } from './hold-roll-call.ts';
import type { HubEvents } from './hub-events.ts';
import type { HubMetrics } from './hub-metrics.ts';
import { RequestBudget, WATCH_RATE } from './request-budget.ts';
import { watchSchema } from './watch-schema.ts';

export type HubSocket = Socket<ViewerMessages, HubMessages, BusMessages, Record<string, never>>;

export type ViewerSessionParts = {
  readonly socket: HubSocket;
  readonly admitted: Admitted;
  readonly events: HubEvents;
  readonly rollCall: HoldRollCall;
  readonly verifier: TokenVerifier;
  readonly ambient: Ambient;
  readonly metrics: HubMetrics;
  readonly logger: Logger;
};

/** A viewer that waits for an event longer than this is told to ask again. */
const READY_LIMIT_MS = 2_000;
/** Timers count in 32 bits; a later expiry is looked at again then. */
const TIMER_MOST_MS = 2 ** 31 - 1;
const UNKNOWN_MESSAGES_MAX = 3;
/** A page has one request under way; more waiting ones would only be memory. */
export const WAITING_REQUESTS_MAX = 4;
/** More sections than this are cheaper as the one room of the whole event. */
const SECTION_ROOMS_MAX = 24;
/** Beyond this a viewer cannot follow; it leaves its rooms until what waits has been read. */
export const WAITING_BYTES_MAX = 64 * 1_024;
/** Beyond this the connection is ended: it does not even read what it asked for. */
export const WAITING_BYTES_END = 1_024 * 1_024;

/**
 * One viewer's connection: proves its token again at every `watch` and at its expiry, answers
 * `watch` and enters the rooms in the same instant, and keeps what waits for a slow reader bounded.
 */
export class ViewerSession {
  readonly #parts: ViewerSessionParts;
  readonly #budget: RequestBudget;
  readonly #expiry: SingleTimer;
  /** Answered one after the other: the last request decides the rooms. */
  #queue: Promise<void> = Promise.resolve();
  #waiting: number = 0;
  #rooms: string[] = [];
  #unknown: number = 0;
  /** The live hold of this page, as its last `watch` named it. */
  #hold: HoldId | null = null;
  /** It was answered before, on this connection. */
  #isKnown: boolean = false;
  /** Too much waited at the last look. */
  #over: boolean = false;

  constructor(parts: ViewerSessionParts) {
    this.#parts = parts;
    const { ambient } = parts;
    this.#budget = new RequestBudget(ambient.clock, WATCH_RATE);
    this.#expiry = new SingleTimer(ambient.timers);
  }

  /** Begins to listen; the token may have expired on the way here, and then this is its end. */
  start(): void {
    const { socket, admitted } = this.#parts;
    this.#enter([ownerRoom(admitted.owner), eventRoom(admitted.event)]);
    socket.use(([name, ...values], next) => {
      if (name === 'watch') next();
      else this.#unknownMessage(values.at(-1));
    });
    // Typed as the protocol has it, but written by anybody: both values are tested before use.
    socket.on('watch', (request: unknown, answer: unknown) => this.#receive(request, answer));
    this.#armExpiry();
  }

  /** Ends the connection; `bye` is the last thing it hears. */
  end(refusal: HubRefusal): void {
    const { socket, metrics } = this.#parts;
    metrics.refused(refusal.code);
    this.close();
    socket.emit('bye', refusal);
    socket.disconnect(true);
  }

  /** Lets go of timers; the socket is gone or about to go. */
  close(): void {
    this.#expiry.disarm();
  }

  /** Bounds what waits for this socket: called several times a second. */
  checkBacklog(): void {
    const { socket, metrics, logger } = this.#parts;
    const waiting = waitingBytes(socket.conn);
    const wasOver = this.#over;
    this.#over = waiting > WAITING_BYTES_MAX;
    if (waiting > WAITING_BYTES_END) {
      logger.debug({ socket: socket.id, waiting }, 'ended a connection that does not read');
      metrics.refused('viewer.slow');
      cutConnection(socket.conn);
      return;
    }
    // What was sent a moment ago always waits; only what still waits at the next look is slow.
    if (!this.#over || !wasOver || this.#rooms.length === 0) return;
    this.#leave();
    metrics.slow();
    socket.emit('again', hubRefusal('viewer.slow'));
  }

  #receive(request: unknown, answer: unknown): void {
    if (!isAnswer(answer)) {
      this.#unknownMessage(undefined);
      return;
    }
    if (!this.#budget.take() || this.#waiting >= WAITING_REQUESTS_MAX) {
      this.#refuse(answer, 'rate.exceeded');
      return;
    }
    const parsed = watchSchema.safeParse(request);
    if (!parsed.success) {
      this.#refuse(answer, 'watch.invalid');
      return;
    }
    this.#waiting += 1;
    this.#queue = this.#queue
      .then(() => this.#watch(parsed.data, answer))
      .catch((err: unknown) => {
        this.#parts.logger.error({ err }, 'a watch request failed');
        this.#refuse(answer, 'event.loading');
      })
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #watch(request: WatchRequest, answer: (reply: WatchReply) => void): Promise<void> {
    const { socket, admitted, events, verifier } = this.#parts;
    if (!socket.connected) return;
    const verified = await verifier.verify(admitted.token);
    if (!verified.ok) {
      this.#refuse(answer, verified.code);
      this.end(hubRefusal(verified.code));
      return;
    }
    const channel = await events.ready(admitted.event, READY_LIMIT_MS);
    if (!socket.connected) return;
    // From here to the answer nothing waits: no frame can fall between rooms and answer.
    if (channel === null || !events.isCurrent(channel)) this.#refuse(answer, 'event.loading');
    else if (waitingBytes(socket.conn) > WAITING_BYTES_MAX) this.#refuse(answer, 'viewer.slow');
    else this.#enterAndAnswer(channel, request, answer);
  }

  #enterAndAnswer(
    channel: EventChannel,
    request: WatchRequest,
    answer: (reply: WatchReply) => void,
  ): void {
    const { socket, metrics } = this.#parts;
    const { layout } = channel;
    const { sections } = request;
    if (sections !== 'all' && sections.some((section) => section >= layout.sections.length)) {
      this.#refuse(answer, 'watch.section');
      return;
    }
    this.#leave();
    const many = sections === 'all' || sections.length > SECTION_ROOMS_MAX;
    this.#rooms = many
      ? [layout.allRoom]
      : sections.map((section) => layout.sectionRooms[section] ?? layout.allRoom);
    if (sections !== 'all') this.#rooms.push(layout.overviewRoom);
    this.#enter(this.#rooms);
    const reply = channel.answer(request);
    this.#noteHold(request, reply);
    metrics.answered(reply);
    answer(reply);
    if (sections !== 'all') socket.emit('o', channel.overview());
  }

  get event(): EventId {
    return this.#parts.admitted.event;
  }

  /** A new epoch began: is the hold of this page still there? */
  callRoll(): void {
    const { rollCall, socket, ambient } = this.#parts;
    const hold = this.#hold;
    if (hold === null) return;
    rollCall.ask(this.event, hold, () => {
      if (this.#hold === hold) this.#hold = null;
      const atMs = Math.floor(ambient.clock.wallMs());
      socket.emit('notice', { kind: 'hold.lost', hold, seats: [], rev: 0, atMs, traceId: '' });
    });
  }

  /**
   * Who comes from another epoch may have missed its end; and who comes anew may have lost the
   * connection after it took over the epoch and before it was told of the hold.
   */
  #noteHold({ hold, epoch }: WatchRequest, { epoch: present }: WatchAnswer): void {
    this.#hold = hold !== undefined && eventOfHold(hold) === this.event ? hold : null;
    const isFirst = !this.#isKnown;
    this.#isKnown = true;
    if (isFirst || (epoch !== undefined && epoch !== present)) this.callRoll();
  }

  #refuse(answer: (reply: WatchReply) => void, code: RefusalCode): void {
    this.#parts.metrics.refused(code);
    answer(hubRefusal(code));
  }

  /** Answered where an answer is asked for; who goes on like this is not one of our pages. */
  #unknownMessage(answer: unknown): void {
    const { metrics } = this.#parts;
    metrics.unknownMessage();
    this.#unknown += 1;
    const refusal = hubRefusal('message.unknown');
    if (isAnswer(answer)) answer(refusal);
    if (this.#unknown >= UNKNOWN_MESSAGES_MAX) this.end(refusal);
  }

  /** The Redis adapter keeps rooms in memory: entering is synchronous, its promise says nothing. */
  #enter(rooms: string[]): void {
    void this.#parts.socket.join(rooms);
  }

  #leave(): void {
    for (const room of this.#rooms) void this.#parts.socket.leave(room);
    this.#rooms = [];
  }

  #armExpiry(): void {
    const { admitted, ambient } = this.#parts;
    const leftMs = admitted.expiresAtMs - ambient.clock.wallMs();
    if (leftMs <= 0) this.end(hubRefusal('token.expired'));
    else this.#expiry.arm(Math.min(leftMs, TIMER_MOST_MS), () => this.#armExpiry());
  }
}

function isAnswer(value: unknown): value is (reply: WatchReply) => void {
  return typeof value === 'function';
}
