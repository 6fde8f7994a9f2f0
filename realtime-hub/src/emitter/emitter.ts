import { createServer } from 'node:http';
import type { Ambient, EventId, FeedEntry, OwnerId } from '@holdfast/db/model';
import type { RedisConnection } from '@holdfast/db/redis';
import type { Logger, RedisSubscribers } from '@holdfast/infra/runtime';
import { Server } from 'socket.io';
import { type BusServer, createBusAdapter } from '../bus/bus.ts';
import { createBusClients } from '../bus/bus-clients.ts';
import { ownerRoom } from '../bus/rooms.ts';
import type { OwnerNotice } from '../protocol/notice.ts';
import { DeltaBatch } from './delta-batch.ts';

/**
 * How a process that changes seats reaches every hub, API and owner at once: a Socket.IO server
 * without a transport, joined to the hubs by the Redis adapter. All of it is a hint. Nothing here
 * throws or waits while Redis is away; what is lost is found again in the feed.
 */
export interface Emitter {
  /** Tells all hubs and the other emitters what was written; the sender itself gets no echo. */
  publish(event: EventId, epoch: string, entries: readonly FeedEntry[]): void;
  /** Gives every delta of the others, as it came: read it with `Reader.offer`. */
  onDelta(listener: (message: string) => void): void;
  notifyOwner(owner: OwnerId, notice: OwnerNotice): void;
  /** Sends what waits and resolves when Redis has it, or could not take it. */
  drain(): Promise<void>;
  /** Leaves the bus. The Redis clients belong to the caller. */
  stop(): Promise<void>;
}

export type EmitterOptions = {
  /** A connection for commands; it may be shared. */
  readonly publisher: RedisConnection;
  /** Connections of the emitter's own: they go into subscriber mode. */
  readonly subscribers: RedisSubscribers;
  readonly ambient: Ambient;
  readonly logger: Logger;
};

export function createEmitter(options: EmitterOptions): Emitter {
  const { publisher, subscribers, ambient, logger } = options;
  const clients = createBusClients({
    publisher,
    subscribers,
    onFailure: (err) => logger.warn({ err }, 'a message for the hubs was lost'),
  });
  // Never listening: Socket.IO wants a server that it can close.
  const io: BusServer = new Server(createServer(), {
    adapter: createBusAdapter(clients),
    serveClient: false,
    transports: ['websocket'],
  });
  const batch = new DeltaBatch(ambient, (message) => io.serverSideEmit('delta', message));
  let stopping: Promise<void> | undefined;
  return {
    publish: (event, epoch, entries) => batch.add(event, epoch, entries),
    onDelta: (listener) => {
      io.on('delta', listener);
    },
    notifyOwner: (owner, notice) => {
      io.to(ownerRoom(owner)).emit('notice', notice);
    },
    drain: async () => {
      batch.flush();
      await clients.settled();
    },
    stop: () => {
      batch.flush();
      stopping ??= io.close().then(() => clients.settled());
      return stopping;
    },
  };
}
