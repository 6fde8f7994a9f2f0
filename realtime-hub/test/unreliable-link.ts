import type { ManualAmbient } from '@holdfast/infra/testing';
import type { TransportListener, ViewerTransport } from '@holdfast/realtime-hub/viewer';
import type { SimulatedHub, SimulatedSocket } from './simulated-hub.ts';

/** What a link does to messages; all 0 is a good network. */
export type LinkFaults = {
  /** Shares of messages, 0 to 1. */
  drop: number;
  double: number;
  /** Each message takes 0 to this many ms of its own, so that later ones overtake. */
  delayMs: number;
};

/** A viewer's transport to one of several hubs; connections can be broken from outside. */
export type UnreliableLink = ViewerTransport & { break(): void };

export function createUnreliableLink(
  hubs: readonly SimulatedHub[],
  ambient: ManualAmbient,
  faults: LinkFaults,
): UnreliableLink {
  const { random, timers } = ambient;
  let listener: TransportListener | undefined;
  let open: { readonly hub: SimulatedHub; readonly socket: SimulatedSocket } | undefined;

  const pass = (deliver: () => void): void => {
    if (random.fraction() < faults.drop) return;
    const copies = random.fraction() < faults.double ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      timers.after(random.fraction() * faults.delayMs, deliver);
    }
  };
  const close = (): void => {
    open?.hub.sockets.delete(open.socket);
    open = undefined;
  };
  const connect = (): void => {
    const hub = hubs[Math.floor(random.fraction() * hubs.length)];
    if (hub === undefined) return;
    const socket: SimulatedSocket = {
      rooms: new Set(),
      deliver: (name, text) =>
        pass(() => {
          if (open?.socket !== socket) return;
          if (name === 'f') listener?.frame(text);
          else if (name === 'b') listener?.beat(text);
          else listener?.overview(text);
        }),
    };
    open = { hub, socket };
    hub.sockets.add(socket);
    listener?.opened();
  };
  return {
    listen: (viewer) => {
      listener = viewer;
    },
    connect: () => {
      timers.after(1, connect);
    },
    watch: (request, answer) => {
      const asked = open;
      if (asked === undefined) return;
      pass(() => {
        if (open !== asked) return;
        const reply: unknown = JSON.parse(JSON.stringify(asked.hub.watch(asked.socket, request)));
        pass(() => {
          if (open === asked) answer(reply);
        });
      });
    },
    close,
    break: () => {
      if (open === undefined) return;
      close();
      listener?.lost();
    },
  };
}
