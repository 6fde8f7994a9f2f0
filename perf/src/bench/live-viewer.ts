import type { SeatMap, Section } from '@holdfast/db/model';
import { realAmbient } from '@holdfast/infra/runtime';
import { PROTOCOL_VERSION, SOCKET_PATH } from '@holdfast/realtime-hub/protocol';
import { createSocketTransport, createViewer } from '@holdfast/realtime-hub/viewer';
import { io } from 'socket.io-client';

export type LiveViewerPlan = {
  /** `http://127.0.0.1:<port>` of a hub or a gateway. */
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  readonly event: string;
  readonly chart: {
    readonly hash: string;
    readonly sections: readonly Pick<Section, 'start' | 'seatCount'>[];
  };
  /** Seats that show a new state now; the array lives until the call returns. */
  readonly onSeats: (seats: Uint32Array, map: SeatMap) => void;
};

/** The one viewer that pages use, in Node: what it shows is what a screen would show. */
export type LiveViewer = {
  readonly map: SeatMap;
  readonly live: boolean;
  stop(): void;
};

export function openLiveViewer(plan: LiveViewerPlan): LiveViewer {
  const socket = io(plan.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    extraHeaders: { origin: plan.origin },
    auth: { token: plan.token, event: plan.event, protocol: PROTOCOL_VERSION },
  });
  const viewer = createViewer({
    transport: createSocketTransport(socket),
    ambient: realAmbient(),
    chart: plan.chart,
    listener: {
      seats: (_section, seats) => plan.onSeats(seats, viewer.map),
      section: () => undefined,
      state: () => undefined,
      sale: () => undefined,
      overview: () => undefined,
      notice: () => undefined,
    },
  });
  return {
    get map() {
      return viewer.map;
    },
    get live() {
      return viewer.state.kind === 'live';
    },
    stop: () => viewer.stop(),
  };
}
