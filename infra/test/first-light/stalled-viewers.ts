import { PROTOCOL_VERSION, SOCKET_PATH } from '@holdfast/realtime-hub/protocol';
import { io, type Socket } from 'socket.io-client';

/** Viewers that joined, watch everything, and from then on read nothing that they are sent. */
export type StalledViewers = {
  /** The first `count` that are still connected ask for all seats; none reads the answer. */
  ask(count: number): void;
  stop(): void;
};

export type StalledPlan = {
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  readonly event: string;
  readonly count: number;
};

const ANSWER_LIMIT_MS = 20_000;

/** Resolves when all of them watch and none reads any more. */
export async function openStalledViewers(plan: StalledPlan): Promise<StalledViewers> {
  const sockets = await Promise.all(
    Array.from({ length: plan.count }, async () => {
      const socket = openSocket(plan);
      const reply: unknown = await socket
        .timeout(ANSWER_LIMIT_MS)
        .emitWithAck('watch', { sections: 'all' });
      if (JSON.stringify(reply).includes('refused')) throw new Error(JSON.stringify(reply));
      pauseReading(socket);
      return socket;
    }),
  );
  return {
    ask: (count) => {
      for (const socket of sockets.slice(0, count)) {
        if (isOpen(socket)) socket.emit('watch', { sections: 'all' }, () => undefined);
      }
    },
    stop: () => {
      for (const socket of sockets) webSocketOf(socket).terminate();
    },
  };
}

function openSocket({ url, origin, token, event }: StalledPlan): Socket {
  return io(url, {
    ...{ path: SOCKET_PATH, transports: ['websocket'], reconnection: false, forceNew: true },
    extraHeaders: { origin },
    auth: { token, event, protocol: PROTOCOL_VERSION },
  });
}

/** As far as it is used here: a WebSocket of the package `ws`, which Socket.IO has below it in Node. */
type PausableSocket = { pause(): void; terminate(): void; readonly readyState: number };

const OPEN = 1;

function webSocketOf(socket: Socket): PausableSocket {
  // Socket.IO does not show it in its types; a version that has it elsewhere fails here, in a test.
  return Reflect.get(socket.io.engine.transport, 'ws') as PausableSocket;
}

function pauseReading(socket: Socket): void {
  webSocketOf(socket).pause();
}

function isOpen(socket: Socket): boolean {
  return webSocketOf(socket).readyState === OPEN;
}
