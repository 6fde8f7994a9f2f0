import type { Ambient } from '@holdfast/db/model';
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
} from '@holdfast/realtime-hub/viewer';
import { io } from 'socket.io-client';
import type { OpenShow } from './open-show.ts';
import type { Screen } from './sale/screen.ts';

/** The one viewer over a real socket, as a test watches with it. */
export type LiveViewer = Screen & {
  readonly viewer: Viewer;
  /** Seats that were told as changed so far. */
  readonly changes: number;
};

export type LiveViewerParts = {
  readonly name: string;
  /** A hub's own address, or the gateway's. */
  readonly url: string;
  /** Sent as `Origin`; a hub refuses those it does not know. */
  readonly origin: string;
  readonly token: string;
  readonly show: Pick<OpenShow, 'id' | 'chart' | 'chartHash'>;
  readonly sections: 'all' | readonly number[];
  readonly ambient: Ambient;
  readonly onState?: (state: ConnectionState) => void;
  readonly onNotice?: (notice: OwnerNotice) => void;
};

export function openLiveViewer(parts: LiveViewerParts): LiveViewer {
  const { show, origin, name } = parts;
  const auth: Handshake = { token: parts.token, event: show.id, protocol: PROTOCOL_VERSION };
  const socket = io(parts.url, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    extraHeaders: { origin },
    auth,
  });
  let changes = 0;
  const viewer = createViewer({
    transport: createSocketTransport(socket),
    ambient: parts.ambient,
    chart: { hash: show.chartHash, sections: show.chart.sections },
    sections: parts.sections,
    listener: {
      seats: (_, seats) => {
        changes += seats.length;
      },
      section: () => undefined,
      state: (state) => parts.onState?.(state),
      sale: () => undefined,
      overview: () => undefined,
      notice: (notice) => parts.onNotice?.(notice),
    },
  });
  return {
    name,
    viewer,
    get changes() {
      return changes;
    },
    isLive: () => viewer.state.kind === 'live',
    describe: () => `${viewer.state.kind} at ${JSON.stringify(viewer.position(0))}`,
    shown: (sections) =>
      show.chart.sections
        .filter((_, at) => sections === 'all' || sections.includes(at))
        .map(({ start, seatCount }) => ({
          name,
          from: start,
          map: viewer.map.slice(start, start + seatCount),
        })),
    stop: () => viewer.stop(),
  };
}
