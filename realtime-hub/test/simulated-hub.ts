import type { HoldStore } from '@holdfast/db/model';
import type { ManualAmbient } from '@holdfast/infra/testing';
import { createReader, type Reader } from '@holdfast/realtime-hub/projection';
import { hubRefusal, type WatchRequest } from '@holdfast/realtime-hub/protocol';
import { EventChannel } from '../src/event/event-channel.ts';
import { layOut } from '../src/event/section-layout.ts';
import { CHART_HASH, EVENT, SECTIONS } from './simulated-event.ts';

/** A connection as the hub sees it. */
export type SimulatedSocket = {
  readonly rooms: Set<string>;
  deliver(name: 'f' | 'b' | 'o', text: string): void;
};

/** The hub's own reader and channel without Socket.IO: rooms are sets, sending is a call. */
export type SimulatedHub = {
  readonly reader: Reader;
  readonly sockets: Set<SimulatedSocket>;
  watch(socket: SimulatedSocket, request: WatchRequest): unknown;
  stop(): void;
};

export function startSimulatedHub(store: HoldStore, ambient: ManualAmbient): SimulatedHub {
  const sockets = new Set<SimulatedSocket>();
  const layout = layOut(EVENT, CHART_HASH, SECTIONS);
  let channel: EventChannel | undefined;
  const reader = createReader({
    store,
    ambient,
    listener: {
      applied: (_, entry) => channel?.applied(entry),
      repaired: () => channel?.repaired(),
      reloaded: (projection) => {
        channel ??= new EventChannel({
          projection,
          layout,
          ambient,
          sink: {
            has: (room) => [...sockets].some((socket) => socket.rooms.has(room)),
            send: (room, name, text) => {
              for (const socket of sockets) if (socket.rooms.has(room)) socket.deliver(name, text);
            },
          },
        });
        channel.reloaded();
      },
    },
  });
  reader.project(EVENT);
  return {
    reader,
    sockets,
    watch: (socket, request) => {
      if (channel === undefined || !channel.projection.ready) return hubRefusal('event.loading');
      socket.rooms.clear();
      const { sections } = request;
      const rooms =
        sections === 'all'
          ? [layout.allRoom]
          : sections.map((section) => layout.sectionRooms[section] ?? '');
      for (const room of rooms) socket.rooms.add(room);
      return channel.answer(request);
    },
    stop: () => {
      channel?.stop();
      reader.stop();
    },
  };
}
