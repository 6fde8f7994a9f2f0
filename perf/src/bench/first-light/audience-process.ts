import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';
import { type LiveViewer, openLiveViewer } from '../live-viewer.ts';
import { connectSocket, type RawSocket } from '../raw-socket.ts';
import { wallMs } from '../wall-clock.ts';

/**
 * The viewers of a benchmark, in a process of their own: many raw connections that only keep count
 * of their frames, and a few real viewers that show what a screen would show, and when.
 */
const connectInput = z.object({
  port: z.number(),
  origin: z.string(),
  count: z.number().int(),
  auth: z.unknown(),
  /** Whether the server is a hub, to be asked `watch`, or one that just emits. */
  isHub: z.boolean(),
});
const showInput = z.object({
  url: z.string(),
  origin: z.string(),
  token: z.string(),
  event: z.string(),
  count: z.number().int(),
  chart: z.object({
    hash: z.string(),
    sections: z.array(z.object({ start: z.number(), seatCount: z.number() })),
  }),
});

export const audienceOutput = z.object({
  /** Messages and bytes (without WebSocket framing) that the raw connections got since asked last. */
  messages: z.number(),
  bytes: z.number(),
  /** The least of the connections' offsets, and frames that did not join on to the one before. */
  offset: z.number(),
  gaps: z.number(),
  closed: z.number(),
});
export const sightingsOutput = z.object({
  /** [seat, state, wall ms] as each real viewer showed it, since asked last. */
  seen: z.array(z.array(z.tuple([z.number(), z.number(), z.number()]))),
  live: z.boolean(),
  maps: z.array(z.string()),
});
type Sighting = [seat: number, state: number, atMs: number];
type ShownViewer = { readonly viewer: LiveViewer; seen: Sighting[] };

const FRAME_START = '42["f","*|';
const HEAD_CHARS = 80;
const CONNECTS_AT_ONCE = 50;

/** What one raw connection knows: how far it is, and how often a frame did not fit. */
class Follower {
  offset = 0;
  gaps = 0;

  take(payload: Buffer): void {
    const head = payload.toString('latin1', 0, HEAD_CHARS);
    if (head.startsWith(FRAME_START)) {
      const [, , prev, offset] = head.split('|');
      if (Number(prev) > this.offset) this.gaps += 1;
      this.offset = Math.max(this.offset, Number(offset));
    } else if (head.startsWith('43')) {
      const offset = /"offset":(\d+)/.exec(payload.toString('latin1'))?.[1];
      this.offset = Math.max(this.offset, Number(offset ?? 0));
    }
  }
}

const sockets: RawSocket[] = [];
const followers: Follower[] = [];
const viewers: ShownViewer[] = [];
let counted = { messages: 0, bytes: 0, closed: 0 };

async function connectMany(plan: z.output<typeof connectInput>): Promise<void> {
  const one = async (): Promise<void> => {
    const follower = new Follower();
    if (plan.isHub) followers.push(follower);
    const onText = (payload: Buffer): void => {
      counted.messages += 1;
      counted.bytes += payload.length;
      if (plan.isHub) follower.take(payload);
    };
    const onClose = (): void => {
      counted.closed += 1;
    };
    const socket = await connectSocket({ ...plan, onText, onClose });
    sockets.push(socket);
    if (plan.isHub) socket.send('420["watch",{"sections":"all"}]');
  };
  for (let open = 0; open < plan.count; open += CONNECTS_AT_ONCE) {
    const batch = Math.min(CONNECTS_AT_ONCE, plan.count - open);
    await Promise.all(Array.from({ length: batch }, one));
  }
}

// Others import this file for the shapes of its answers.
if (import.meta.main) {
  serveTasks({
    connect: async (input) => {
      await connectMany(connectInput.parse(input));
      return null;
    },
    show: async (input) => {
      const { count, ...plan } = showInput.parse(input);
      for (let number = 0; number < count; number += 1) {
        const one: ShownViewer = {
          seen: [],
          viewer: openLiveViewer({
            ...plan,
            onSeats: (seats, map) => {
              const atMs = wallMs();
              for (const seat of seats) one.seen.push([seat, map[seat] ?? 0, atMs]);
            },
          }),
        };
        viewers.push(one);
      }
      return null;
    },
    count: async () => {
      const { messages, bytes, closed } = counted;
      counted = { messages: 0, bytes: 0, closed };
      const offset = Math.min(Number.MAX_SAFE_INTEGER, ...followers.map((one) => one.offset));
      const gaps = followers.reduce((sum, one) => sum + one.gaps, 0);
      return { messages, bytes, offset, gaps, closed };
    },
    live: async () => viewers.every(({ viewer }) => viewer.live),
    /** Times that the first real viewer showed a seat free, since sightings were asked last. */
    freed: async () => viewers[0]?.seen.filter(([, state]) => state === 0).length ?? 0,
    /** The real viewers go. */
    leave: async () => {
      for (const { viewer } of viewers.splice(0)) viewer.stop();
      return null;
    },
    sightings: async () => {
      const live = viewers.every(({ viewer }) => viewer.live);
      const maps = viewers.map(({ viewer }) => Buffer.from(viewer.map).toString('base64'));
      const seen = viewers.map((one) => {
        const all = one.seen;
        one.seen = [];
        return all;
      });
      return { seen, live, maps };
    },
  });
}
