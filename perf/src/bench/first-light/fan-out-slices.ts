import type { EventDocument } from '@holdfast/db/model';
import { z } from 'zod';
import { until } from '../../harness/bounded.ts';
import type { TaskProcess } from '../../harness/child-tasks.ts';
import { spendingOf } from '../../harness/cpu-time.ts';
import { percentile } from '../../harness/statistics.ts';
import type { BenchStack } from '../bench-stack.ts';
import { audienceOutput, sightingsOutput } from './audience-process.ts';
import { writeOutput } from './change-writer-process.ts';

/** How large and how long. */
export type Scale = {
  readonly viewers: number;
  readonly perSecond: number;
  /** Plain Socket.IO needs a whole core at the hub's rate; what a delivery costs does not depend on it. */
  readonly naivePerSecond: number;
  readonly seconds: number;
  readonly rounds: number;
};
/** What one slice on one of the two servers showed. */
export type Slice = {
  /** CPU of the sending process for one change made visible to one viewer. */
  readonly cpuUs: number;
  readonly bytes: number;
  readonly framesPerSecond: number;
  readonly share: number;
  readonly audienceShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly faults: number;
};

/** All that takes part. */
export type FanOutRig = BenchStack & {
  readonly scale: Scale;
  readonly show: EventDocument;
  readonly writer: TaskProcess;
  readonly audience: TaskProcess;
  readonly crowd: TaskProcess;
  readonly naive: TaskProcess;
  readonly hubPid: number;
  readonly signal: AbortSignal;
};

/** Of the hub's viewers, those that show seats as a screen would; the others only keep count. */
export const REAL_VIEWERS = 2;
/** How long the last change may take to everybody. */
export const ARRIVAL_LIMIT_MS = 10_000;
const US_PER_MS = 1_000;
const SECOND_MS = 1_000;

/** Changes at the hub's rate, until every viewer has the last one. */
export async function hubSlice(rig: FanOutRig, firstSeat: number): Promise<Slice> {
  const { scale, audience, writer, signal } = rig;
  signal.throwIfAborted();
  await audience.ask('count', null, audienceOutput);
  await audience.ask('sightings', null, sightingsOutput);
  let [messages, bytes] = [0, 0];
  const { value, spent } = await spendingOf([rig.hubPid, audience.pid], async () => {
    const plan = { perSecond: scale.perSecond, seconds: scale.seconds, firstSeat };
    const written = await writer.ask('write', plan, writeOutput);
    const arrived = async (): Promise<boolean> => {
      const count = await audience.ask('count', null, audienceOutput);
      messages += count.messages;
      bytes += count.bytes;
      return count.offset >= written.offset;
    };
    await until('every viewer has the last change', arrived, { limitMs: ARRIVAL_LIMIT_MS, signal });
    return written;
  });
  const { seen } = await audience.ask('sightings', null, sightingsOutput);
  const { gaps, closed } = await audience.ask('count', null, audienceOutput);
  const delays = delaysOf(value.changes, seen);
  const deliveries = value.changes.length * scale.viewers;
  return {
    ...perDelivery(spent, deliveries, bytes),
    framesPerSecond: messages / (scale.viewers - REAL_VIEWERS) / (spent.wallMs / SECOND_MS),
    p50Ms: percentile(delays.shown, 0.5),
    p99Ms: percentile(delays.shown, 0.99),
    faults: gaps + closed + delays.missing,
  };
}

/** The same at plain Socket.IO. */
export async function naiveSlice({ scale, crowd, naive, signal }: FanOutRig): Promise<Slice> {
  signal.throwIfAborted();
  await crowd.ask('count', null, audienceOutput);
  const changes = scale.naivePerSecond * scale.seconds;
  const deliveries = changes * scale.viewers;
  let [messages, bytes, closed] = [0, 0, 0];
  const { spent } = await spendingOf([naive.pid, crowd.pid], async () => {
    const plan = { perSecond: scale.naivePerSecond, seconds: scale.seconds };
    await naive.ask('emit', plan, z.number());
    const arrived = async (): Promise<boolean> => {
      const count = await crowd.ask('count', null, audienceOutput);
      messages += count.messages;
      bytes += count.bytes;
      closed = count.closed;
      return messages >= deliveries;
    };
    await until('everybody has every change', arrived, { limitMs: ARRIVAL_LIMIT_MS, signal });
  });
  return {
    ...perDelivery(spent, deliveries, bytes),
    framesPerSecond: messages / scale.viewers / (spent.wallMs / SECOND_MS),
    p50Ms: 0,
    p99Ms: 0,
    faults: closed + messages - deliveries,
  };
}

function perDelivery(
  { cpuMs, wallMs }: { readonly cpuMs: readonly number[]; readonly wallMs: number },
  deliveries: number,
  bytes: number,
) {
  const [server = 0, audience = 0] = cpuMs;
  return {
    cpuUs: (server / deliveries) * US_PER_MS,
    bytes: bytes / deliveries,
    share: server / wallMs,
    audienceShare: audience / wallMs,
  };
}

/** From the transition in Redis to the moment a real viewer had it on its map. */
function delaysOf(
  changes: z.output<typeof writeOutput>['changes'],
  seen: z.output<typeof sightingsOutput>['seen'],
): { readonly shown: number[]; readonly missing: number } {
  const writtenMs = new Map(changes.map(([seat, state, redisMs]) => [`${seat}:${state}`, redisMs]));
  const shown: number[] = [];
  let missing = 0;
  for (const sightings of seen) {
    const told = new Set<string>();
    for (const [seat, state, atMs] of sightings) {
      const redisMs = writtenMs.get(`${seat}:${state}`);
      if (redisMs === undefined) continue;
      told.add(`${seat}:${state}`);
      shown.push(atMs - redisMs);
    }
    missing += writtenMs.size - told.size;
  }
  return { shown, missing };
}
