import { realAmbient } from '@holdfast/infra/runtime';
import {
  type ConnectionState,
  createSocketTransport,
  createViewer,
  type Viewer,
  type ViewerListener,
} from '@holdfast/realtime-hub/viewer';
import type { Socket } from 'socket.io-client';
import { type HubBench, handshake } from './hub-bench.ts';
import { until } from './until.ts';

/** A viewer on a real socket, once it is live (or in the state that is asked for). */
export async function watching(
  bench: HubBench,
  hub: number,
  sections: 'all' | readonly number[] = 'all',
  listener: Partial<ViewerListener> = {},
  kind: ConnectionState['kind'] = 'live',
): Promise<Viewer> {
  const socket = bench.socket(hub, handshake(await bench.token('viewer')));
  return await watchingOn(bench, socket, sections, listener, kind);
}

/** The same on a socket that the test keeps in hand. */
export async function watchingOn(
  bench: HubBench,
  socket: Socket,
  sections: 'all' | readonly number[] = 'all',
  listener: Partial<ViewerListener> = {},
  kind: ConnectionState['kind'] = 'live',
): Promise<Viewer> {
  const viewer = createViewer({
    transport: createSocketTransport(socket),
    ambient: realAmbient(),
    chart: { hash: bench.chartHash, sections: bench.chart.sections },
    sections,
    listener: {
      state: () => undefined,
      sale: () => undefined,
      overview: () => undefined,
      notice: () => undefined,
      seats: () => undefined,
      section: () => undefined,
      ...listener,
    },
  });
  await until(`the viewer is ${kind}`, () => viewer.state.kind === kind);
  return viewer;
}
