import type { Ambient, CancelTimer } from '@holdfast/db/model';
import { io, type Socket } from 'socket.io-client';
import type { OpenShow } from '../open-show.ts';
import type { Screen } from '../sale/screen.ts';
import { WirePicture } from './wire-picture.ts';

/**
 * A viewer of the test's own: it follows the rules of the wire (at the top of the hub's
 * `socket-messages.ts`) with code that shares no line with the product's viewer but Socket.IO. A
 * mistake that both ends of the product make together shows here.
 */
export type WireViewer = Screen & {
  /** Beats whose digest was not that of the seats shown; the picture is then asked for anew. */
  wrongDigests(): number;
  /** Frames that did not follow what the same connection had brought before. */
  gaps(): number;
};

export type WireViewerParts = {
  readonly name: string;
  /** Where to connect to; asked again for each attempt. */
  readonly url: () => string;
  readonly origin: string;
  readonly token: string;
  readonly show: Pick<OpenShow, 'id' | 'chart'>;
  readonly sections: 'all' | readonly number[];
  readonly ambient: Ambient;
};

/** The version of the wire that this code was written for. */
const WIRE_VERSION = 2;
const ANSWER_LIMIT_MS = 5_000;
const PAUSE_MS = { least: 200, more: 600 } as const;
/** Beats come every few seconds; a connection without any for so long is dead or forgotten. */
const SILENCE_LIMIT_MS = 15_000;
const SILENCE_LOOK_MS = 1_000;

export function openWireViewer(parts: WireViewerParts): WireViewer {
  return new WireConnection(parts);
}

class WireConnection implements WireViewer {
  readonly name: string;
  readonly #parts: WireViewerParts;
  readonly #picture: WirePicture;
  #socket: Socket | null = null;
  #asking: boolean = false;
  #heardMs = 0;
  #stopped: boolean = false;
  readonly #endLooks: CancelTimer;

  constructor(parts: WireViewerParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#picture = new WirePicture(parts.show.chart.sections, parts.sections);
    this.#connect();
    this.#endLooks = this.#listenForSilence();
  }

  isLive(): boolean {
    return this.#socket?.connected === true && !this.#asking && this.#picture.isWhole();
  }

  describe(): string {
    const link = this.#socket?.connected === true ? 'connected' : 'not connected';
    return `${link}, ${this.#asking ? 'asking' : 'following'} at ${this.#picture.describe()}`;
  }

  shown(sections: 'all' | readonly number[]) {
    return this.#picture.shown(this.name, sections);
  }

  wrongDigests(): number {
    return this.#picture.wrongDigests;
  }

  gaps(): number {
    return this.#picture.gaps;
  }

  stop(): void {
    this.#stopped = true;
    this.#endLooks();
    this.#socket?.disconnect();
  }

  #connect(): void {
    const { token, show, origin } = this.#parts;
    const socket = io(this.#parts.url(), {
      path: '/socket.io',
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      extraHeaders: { origin },
      auth: { token, event: show.id, protocol: WIRE_VERSION },
    });
    this.#socket = socket;
    this.#asking = false;
    this.#heardMs = this.#parts.ambient.clock.monotonicMs();
    const lost = (): void => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      socket.disconnect();
      this.#later(() => this.#connect());
    };
    socket.on('connect', () => this.#ask());
    for (const end of ['disconnect', 'connect_error', 'bye']) socket.on(end, lost);
    socket.on('again', () => this.#later(() => this.#ask()));
    socket.on('f', (text: unknown) => this.#take(this.#picture.frame(String(text))));
    socket.on('b', (text: unknown) => this.#take(this.#picture.beat(String(text))));
  }

  #take(fits: boolean): void {
    this.#heardMs = this.#parts.ambient.clock.monotonicMs();
    if (!fits) this.#ask();
  }

  #ask(): void {
    const socket = this.#socket;
    if (this.#asking || socket === null || !socket.connected || this.#stopped) return;
    this.#asking = true;
    const question = this.#picture.question();
    socket.timeout(ANSWER_LIMIT_MS).emit('watch', question, (error: unknown, reply: unknown) => {
      if (socket !== this.#socket) return;
      this.#asking = false;
      if (error !== null || !this.#picture.answer(reply)) this.#later(() => this.#ask());
    });
  }

  #later(task: () => void): void {
    const { timers, random } = this.#parts.ambient;
    timers.after(PAUSE_MS.least + random.fraction() * PAUSE_MS.more, () => {
      if (!this.#stopped) task();
    });
  }

  #listenForSilence(): CancelTimer {
    const { timers, clock } = this.#parts.ambient;
    return timers.every(SILENCE_LOOK_MS, () => {
      const silentMs = clock.monotonicMs() - this.#heardMs;
      // Ends as any lost connection does, and a new one is made.
      if (silentMs > SILENCE_LIMIT_MS) this.#socket?.disconnect();
    });
  }
}
