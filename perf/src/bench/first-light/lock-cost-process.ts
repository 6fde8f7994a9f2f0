import {
  DEFAULT_POLICY,
  type EventId,
  encodeQuote,
  encodeTrail,
  eventId,
} from '@holdfast/db/model';
import type { RedisConnection } from '@holdfast/db/redis';
import {
  alarmKey,
  createRedisHoldStore,
  createSeatLock,
  EVENT_KEYS,
  eventKey,
  readAllScripts,
} from '@holdfast/db/redis';
import { createLogger, openRedis, realAmbient } from '@holdfast/infra/runtime';
import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';
import { ownCpuTimeMs } from '../../harness/cpu-time.ts';
import { connectPipelined, encodeCommand, type PipelinedRedis } from '../pipelined-redis.ts';
import { inFlight, openEvent, placeCommand } from '../placing.ts';

/**
 * Places holds at three heights, in a process of its own so that its CPU time is the price of the
 * placing: the script over a bare socket, the script through the store, and the store under the lock.
 */
const EVENT = eventId('lock-cost');
const CHART_HASH = '0'.repeat(32);
const IN_FLIGHT = 64;
const openInput = z.object({ url: z.string(), port: z.number() });
const sliceInput = z.object({
  height: z.enum(['pipelined', 'script', 'lock']),
  /** Seats that are free and won, or taken and refused. */
  kind: z.enum(['won', 'refused']),
  holds: z.number().int().positive(),
});
type Slice = z.output<typeof sliceInput>;

/** What one slice used; the parent adds the CPU time of Redis. */
export const sliceOutput = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  /** Holds whose outcome was not the expected one. */
  unexpected: z.number(),
  missedLocks: z.number(),
});

type Connections = { readonly redis: RedisConnection; readonly bare: PipelinedRedis };
let connections: Connections | undefined;
let missedLocks = 0;

async function slice({ redis, bare }: Connections, plan: Slice) {
  const { height, kind, holds } = plan;
  const store = createRedisHoldStore({ redis });
  const onMissed = (): void => {
    missedLocks += 1;
  };
  const lock = createSeatLock({ clients: [redis], ambient: realAmbient(), onMissed });
  await redis.flushdb();
  await openEvent(store, {
    id: EVENT,
    token: 'bench',
    chartHash: CHART_HASH,
    seatCount: holds,
    sale: 'open',
    policy: DEFAULT_POLICY,
    version: 1,
  });
  const command = (number: number, seat: number) =>
    placeCommand(EVENT, number, { seat, chartHash: CHART_HASH });
  // Who wins is somebody else in a refused slice.
  if (kind === 'refused') {
    await inFlight(
      holds,
      IN_FLIGHT,
      async (seat) => void (await store.place(EVENT, command(holds + seat, seat))),
    );
  }
  const wanted = kind === 'won' ? 'placed' : 'seats.unavailable';
  const encoded = height === 'pipelined' ? bareCommands(holds, command) : [];
  let unexpected = 0;
  const judge = ({ outcome }: { readonly outcome: string }): void => {
    if (outcome !== wanted) unexpected += 1;
  };
  missedLocks = 0;
  const [startedMs, startedCpuMs] = [performance.now(), ownCpuTimeMs()];
  if (height === 'pipelined') unexpected = await bare.send(encoded);
  else {
    await inFlight(holds, IN_FLIGHT, async (seat) => {
      const place = () => store.place(EVENT, command(seat, seat));
      judge(height === 'script' ? await place() : await lock.withSeats(EVENT, [seat], place));
    });
  }
  const used = { wallMs: performance.now() - startedMs, cpuMs: ownCpuTimeMs() - startedCpuMs };
  const live = await redis.zcard(eventKey(EVENT, 'due'));
  return { ...used, unexpected: unexpected + Math.abs(live - holds), missedLocks };
}

type Command = (number: number, seat: number) => ReturnType<typeof placeCommand>;

function bareCommands(holds: number, command: Command): Buffer[] {
  const { sha1 } = readAllScripts().place;
  const keys = EVENT_KEYS.map((key) => eventKey(EVENT, key));
  return Array.from({ length: holds }, (_, seat) => {
    const placed = command(seat, seat);
    const { holdId, owner, seats, quote, chartHash, idemField, bodyHash, addressHash, trail } =
      placed;
    const words = [
      holdId,
      owner,
      seats.join(','),
      encodeQuote(quote),
      chartHash,
      idemField,
      bodyHash,
      addressHash,
      encodeTrail(trail),
    ];
    const all = [...keys, alarm(EVENT, holdId)];
    return encodeCommand(['EVALSHA', sha1, `${all.length}`, ...all, ...words]);
  });
}

function alarm(event: EventId, hold: ReturnType<typeof placeCommand>['holdId']): string {
  return alarmKey(event, hold);
}

// Others import this file for the shapes of its answers.
if (import.meta.main) {
  serveTasks({
    open: async (input) => {
      const { url, port } = openInput.parse(input);
      const logger = createLogger('bench', 'silent');
      const redis = await openRedis(url, { name: 'bench', role: 'commands', logger });
      connections = { redis, bare: await connectPipelined(port) };
      return null;
    },
    slice: async (input) => {
      if (connections === undefined) throw new Error('open first');
      return slice(connections, sliceInput.parse(input));
    },
  });
}
