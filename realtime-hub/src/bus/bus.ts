import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import type { DefaultEventsMap, Server } from 'socket.io';
import type { HubMessages, ViewerMessages } from '../protocol/socket-messages.ts';
import type { BusClients } from './bus-clients.ts';
import { busText } from './bus-text.ts';

/** Channels of this system on a shared Redis; the same for every process that talks to hubs. */
const CHANNEL_PREFIX = 'holdfast';

/** What processes tell each other beside broadcasts: one delta, `emitter/delta.ts`. */
export type BusMessages = { delta: (message: string) => void };

/** A Socket.IO server on the bus; `Data` is what it keeps of each socket. */
export type BusServer<Data = DefaultEventsMap> = Server<
  ViewerMessages,
  HubMessages,
  BusMessages,
  Data
>;

type AdapterMaker = ReturnType<typeof createAdapter> | ReturnType<typeof createShardedAdapter>;

/** The adapter that joins a Socket.IO server to all others through Redis. */
export function createBusAdapter(clients: BusClients): AdapterMaker {
  const { publisher, subscriber } = clients;
  if (clients.kind === 'channels') {
    return createAdapter(publisher, subscriber, { key: CHANNEL_PREFIX, parser: busText });
  }
  // A channel of its own for each owner would be a subscription for each socket.
  return createShardedAdapter(publisher, subscriber, {
    channelPrefix: CHANNEL_PREFIX,
    subscriptionMode: 'static',
  });
}
