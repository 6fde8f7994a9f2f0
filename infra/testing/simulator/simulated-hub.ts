import type { Catalogue } from '@holdfast/db/catalogue';
import type { EventId, OwnerId } from '@holdfast/db/model';
import type { Reader } from '@holdfast/realtime-hub/projection';
import {
  type HubRefusal,
  hubRefusal,
  type WatchReply,
  type WatchRequest,
} from '@holdfast/realtime-hub/protocol';
import { createChartSections, type EventSink, HubEvents } from '@holdfast/realtime-hub/testing';
import type { LifeParts } from './server-process.ts';

/** What a hub sends over a connection, under the names of the wire. */
export type HubMessageName = 'f' | 'b' | 'o' | 'sale' | 'truth' | 'again' | 'notice';

/** A connection as the hub has it; the other end may be gone. */
export type HubConnection = {
  readonly event: EventId;
  readonly owner: OwnerId;
  deliver(name: HubMessageName, message: unknown): void;
  /** The hub is gone. */
  broken(): void;
};

/** The events of a hub, with rooms and sessions that are kept in a map instead of by Socket.IO. */
export type SimulatedHub = {
  readonly reader: Reader;
  /** Gives what ends the connection at the hub. */
  welcome(connection: HubConnection): HubSession;
  /** Told when the process crashes: the connections that break. */
  readonly sessions: Set<HubSession>;
  stop(): void;
};

export type HubSession = {
  readonly connection: HubConnection;
  watch(request: WatchRequest, answer: (reply: WatchReply) => void): void;
  leave(): void;
};

/** As the sessions of the service have it. */
const READY_LIMIT_MS = 2_000;

export function bootHub(
  parts: LifeParts,
  catalogue: Pick<Catalogue, 'readChartText'>,
): SimulatedHub {
  const { life, store, hints } = parts;
  const rooms = new Map<string, Set<HubConnection>>();
  const sessions = new Set<HubSession>();
  const toAll = (event: EventId, name: HubMessageName, message: unknown): void => {
    for (const { connection } of sessions) {
      if (connection.event === event) connection.deliver(name, message);
    }
  };
  const sink: EventSink = {
    has: (room) => rooms.has(room),
    send: (room, name, text) => {
      for (const connection of rooms.get(room) ?? []) connection.deliver(name, text);
    },
    sale: (event, sale) => toAll(event, 'sale', { sale }),
    // Owners of forgotten holds are told by the sessions of the service, which are not simulated.
    epochBegan: () => undefined,
    truth: (event, reached) => toAll(event, 'truth', { reached }),
    again: (event, refusal: HubRefusal) => toAll(event, 'again', refusal),
  };
  const events = new HubEvents({
    store,
    ambient: life.ambient,
    sectionsOf: createChartSections(catalogue),
    sink,
    onLoading: (event) => void hints.add(event).catch(() => undefined),
    onFailure: () => undefined,
  });
  parts.joinBus({
    delta: (message) => events.reader.offer(message),
    notice: (owner, notice) => {
      for (const { connection } of sessions) {
        if (connection.owner === owner) connection.deliver('notice', notice);
      }
    },
  });
  return {
    reader: events.reader,
    sessions,
    welcome: (connection) => {
      const session = openSession(connection, events, rooms);
      const { leave } = session;
      session.leave = () => {
        sessions.delete(session);
        leave();
      };
      sessions.add(session);
      return session;
    },
    stop: () => events.stop(),
  };
}

/** Answers one request after the other, and enters the rooms in the same instant as it answers. */
function openSession(
  connection: HubConnection,
  events: HubEvents,
  rooms: Map<string, Set<HubConnection>>,
): HubSession & { leave: () => void } {
  const leaveEvent = events.visit(connection.event);
  let mine: string[] = [];
  let here = true;
  let queue = Promise.resolve();

  const leaveRooms = (): void => {
    for (const room of mine) {
      rooms.get(room)?.delete(connection);
      if (rooms.get(room)?.size === 0) rooms.delete(room);
    }
    mine = [];
  };
  const enter = (room: string): void => {
    mine.push(room);
    rooms.set(room, (rooms.get(room) ?? new Set()).add(connection));
  };
  const watch = async (
    request: WatchRequest,
    answer: (reply: WatchReply) => void,
  ): Promise<void> => {
    const channel = await events.ready(connection.event, READY_LIMIT_MS);
    if (!here) return;
    if (channel === null || !events.isCurrent(channel)) {
      answer(hubRefusal('event.loading'));
      return;
    }
    const { layout } = channel;
    const { sections } = request;
    leaveRooms();
    if (sections === 'all') enter(layout.allRoom);
    else for (const section of sections) enter(layout.sectionRooms[section] ?? layout.allRoom);
    if (sections !== 'all') enter(layout.overviewRoom);
    answer(channel.answer(request));
    if (sections !== 'all') connection.deliver('o', channel.overview());
  };
  return {
    connection,
    watch: (request, answer) => {
      queue = queue
        .then(() => watch(request, answer))
        .catch(() => answer(hubRefusal('event.loading')));
    },
    leave: () => {
      here = false;
      leaveRooms();
      leaveEvent();
    },
  };
}
