import type { HoldId, SaleState, SeatMap } from '@holdfast/db/model';
import {
  type Handshake,
  type OwnerNotice,
  PROTOCOL_VERSION,
  SOCKET_PATH,
} from '@holdfast/realtime-hub/protocol';
import {
  type ConnectionState,
  createSocketTransport,
  createViewer,
  type Viewer,
  type ViewerListener,
} from '@holdfast/realtime-hub/viewer';
import { io, type Socket } from 'socket.io-client';
import { createSectionChecks } from './section-checks.ts';
import type { ShowWithChart, Site } from './site.ts';

/** The viewer of one show together with what it needs of a session: a token, and another one in time. */
export type LiveSeats = {
  /** One byte a seat, as the viewer has it; null before there was a session. */
  readonly states: SeatMap | null;
  /** The live hold of this page, for the hub to look up should Redis lose data. */
  nameHold(hold: HoldId | null): void;
  /** Connects at once instead of waiting: the network is back, or somebody looks again. */
  resume(): void;
  stop(): void;
};

export type LiveSeatsListener = {
  /** These seats look different now; the array lives until the call returns. */
  seats(seats: Uint32Array): void;
  state(state: ConnectionState): void;
  /** So many sections are shown but may be wrong, and are asked for anew. */
  checking(sections: number): void;
  sale(sale: SaleState): void;
  notice(notice: OwnerNotice): void;
};

const SESSION_AGAIN_MS = 2_000;

export function followSeats(
  site: Site,
  content: ShowWithChart,
  listener: LiveSeatsListener,
): LiveSeats {
  const { session, ambient } = site;
  let viewer: Viewer | null = null;
  let stopped = false;
  let hold: HoldId | null = null;
  /** What the hub was last shown: the session may have another token by the time it refuses. */
  let shown: string | null = null;
  const showToken = (): string => {
    shown = session.token;
    return shown ?? '';
  };

  /** `refused`: the token that the hub did not take; null at the start. */
  const enter = async (refused: string | null): Promise<void> => {
    const outcome = refused === null ? await session.ensure() : await session.replace(refused);
    if (stopped) return;
    if (outcome.kind !== 'ready') {
      listener.state({ kind: 'offline' });
      ambient.timers.after(SESSION_AGAIN_MS, () => begin(refused));
    } else if (viewer === null) {
      viewer = connect(site, content, showToken, { ...viewerListener(listener), state });
      viewer.nameHold(hold);
    } else {
      viewer.resume();
    }
  };
  const begin = (refused: string | null): void => {
    enter(refused).catch((cause: unknown) => console.error('No session for the seats.', cause));
  };
  const state = (next: ConnectionState): void => {
    listener.state(next);
    if (next.kind === 'refused' && next.refusal.next === 'login') begin(shown);
  };

  begin(null);
  return {
    get states() {
      return viewer?.map ?? null;
    },
    nameHold(next) {
      hold = next;
      viewer?.nameHold(next);
    },
    resume: () => viewer?.resume(),
    stop() {
      stopped = true;
      viewer?.stop();
    },
  };
}

function viewerListener(listener: LiveSeatsListener): Omit<ViewerListener, 'state'> {
  const checks = createSectionChecks();
  return {
    seats: (_section, seats) => listener.seats(seats),
    section: (section, state) => listener.checking(checks.note(section, state)),
    sale: (sale) => listener.sale(sale),
    overview: () => undefined,
    notice: (notice) => listener.notice(notice),
  };
}

function connect(
  site: Site,
  { show, chart }: ShowWithChart,
  token: () => string,
  listener: ViewerListener,
): Viewer {
  const socket: Socket = io({
    path: SOCKET_PATH,
    transports: ['websocket'],
    autoConnect: false,
    // The viewer decides when to connect again, with a jitter of its own.
    reconnection: false,
    forceNew: true,
    // Asked at every connection: a token may have been replaced since.
    auth: (answer) => {
      const handshake: Handshake = { token: token(), event: show.id, protocol: PROTOCOL_VERSION };
      answer(handshake);
    },
  });
  return createViewer({
    transport: createSocketTransport(socket),
    ambient: site.ambient,
    chart: { hash: show.chartHash, sections: chart.sections },
    listener,
  });
}
