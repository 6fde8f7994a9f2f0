import type { EventDocument } from '@holdfast/db/model';
import { ownerId } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';
import { z } from 'zod';
import { pause, until } from '../../harness/bounded.ts';
import { startTaskProcess, type TaskProcess } from '../../harness/child-tasks.ts';
import { tieToCores } from '../../harness/cores.ts';
import { spendingOf } from '../../harness/cpu-time.ts';
import { type Check, type Figure, type Measure, measureOf } from '../../harness/figure.ts';
import { interleave } from '../../harness/interleave.ts';
import { ratioOf } from '../../harness/ratio.ts';
import { withReleases } from '../../harness/release-stack.ts';
import { percentile, summarise } from '../../harness/statistics.ts';
import { auditCheck } from '../audit-check.ts';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { readStadium, showIn, type Venue } from '../venue.ts';
import { audienceOutput, sightingsOutput } from './audience-process.ts';
import { writeOutput } from './change-writer-process.ts';

type Scale = {
  readonly viewers: number;
  readonly perSecond: number;
  /** Plain Socket.IO needs a whole core at the hub's rate; what a delivery costs does not depend on it. */
  readonly naivePerSecond: number;
  readonly seconds: number;
  readonly rounds: number;
};
const FULL: Scale = { viewers: 1_000, perSecond: 200, naivePerSecond: 40, seconds: 5, rounds: 3 };
const QUICK: Scale = { viewers: 300, perSecond: 200, naivePerSecond: 100, seconds: 3, rounds: 1 };

type Slice = {
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

type Rig = BenchStack & {
  readonly scale: Scale;
  readonly show: EventDocument;
  readonly writer: TaskProcess;
  readonly audience: TaskProcess;
  readonly crowd: TaskProcess;
  readonly naive: TaskProcess;
  readonly hubPid: number;
  readonly signal: AbortSignal;
};

const REAL_VIEWERS = 2;
const US_PER_MS = 1_000;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const ARRIVAL_LIMIT_MS = 10_000;
const IDLE_MS = 3_000;
/** Two ticks: frames and beats of the connecting are behind us. */
const SETTLE_MS = 500;

/** Figure F, F-all: one hub, everybody sees the whole stadium. */
export const hubFanOut: Figure = {
  name: 'hub-fan-out',
  title: 'Hub CPU for each change delivered, beside plain Socket.IO',
  limitMs: 300_000,
  run: ({ quick, signal, say }) =>
    withReleases(async (releases) => {
      const scale = quick ? QUICK : FULL;
      const venue = await readStadium();
      const show = showIn(venue, 'hub-fan-out', { holdTtlMs: HOUR_MS });
      const bench = await startBenchStack(releases, { venue, shows: [show], signal });
      const started = (file: string): TaskProcess =>
        releases.add(startTaskProcess(new URL(file, import.meta.url)), (child) => child.stop());
      const rig: Rig = {
        ...{ ...bench, scale, show, signal },
        writer: started('./change-writer-process.ts'),
        audience: started('./audience-process.ts'),
        crowd: started('./audience-process.ts'),
        naive: started('./naive-hub-process.ts'),
        hubPid: bench.stack.hubs[0]?.pid() ?? 0,
      };
      const { apis, workers, gateway } = bench.stack;
      const others = [...apis, ...workers, gateway].map((process) => process.pid());
      const load = [rig.writer, rig.audience, rig.crowd].map(({ pid }) => pid);
      const tied = await tieToCores({
        measured: [rig.hubPid, rig.naive.pid],
        load: [...load, bench.redisPid, ...others],
      });
      say(`connecting ${scale.viewers} viewers to each of the two`);
      await connect(rig, venue);
      const idle = await spendingOf([rig.hubPid], () => pause(IDLE_MS));
      let firstSeat = 0;
      const samples = await interleave(
        {
          naive: () => naiveSlice(rig),
          hub: async () => {
            firstSeat += scale.perSecond * scale.seconds;
            return hubSlice(rig, firstSeat);
          },
        },
        scale.rounds,
      );
      const idleShare = ((idle.spent.cpuMs[0] ?? 0) / idle.spent.wallMs) * 100;
      return {
        measures: [
          ...measuresOf(`hub, ${scale.perSecond} changes/s`, samples.hub, true),
          ...measuresOf(`naive, ${scale.naivePerSecond} changes/s`, samples.naive, false),
          { label: 'hub with all viewers and no change', unit: '% of a core', value: idleShare },
        ],
        ratios: [
          ratioOf('hub over naive, CPU a delivery', 'cpuUs', {
            candidate: samples.hub,
            peer: samples.naive,
          }),
          ratioOf('hub over naive, bytes a delivery', 'bytes', {
            candidate: samples.hub,
            peer: samples.naive,
          }),
        ],
        checks: await checksOf(rig, samples),
        notes: notesOf(scale, tied, samples),
      };
    }),
};

async function connect(rig: Rig, { chart, hash }: Venue): Promise<void> {
  const { stack, show, scale, writer, audience, crowd, naive } = rig;
  await writer.ask('open', { redisUrl: stack.redisUrl, event: show.id, chartHash: hash }, z.null());
  const subject = ownerId('bench-viewer');
  const token = await stack.tokens.issue({ subject, role: 'shopper', ttlSeconds: 3_600 });
  const auth = { token, event: show.id, protocol: PROTOCOL_VERSION };
  const origin = stack.gatewayUrl;
  const hubUrl = stack.hubs[0]?.url() ?? '';
  const port = Number(new URL(hubUrl).port);
  const count = scale.viewers - REAL_VIEWERS;
  await audience.ask('connect', { port, origin, count, auth, isHub: true }, z.null());
  const sections = chart.sections.map(({ start, seatCount }) => ({ start, seatCount }));
  const shown = {
    url: hubUrl,
    origin,
    token,
    event: show.id,
    count: REAL_VIEWERS,
    chart: { hash, sections },
  };
  await audience.ask('show', shown, z.null());
  const naivePort = await naive.ask('listen', null, z.number());
  const plain = { port: naivePort, origin, count: scale.viewers, auth: {}, isHub: false };
  await crowd.ask('connect', plain, z.null());
  const live = async (): Promise<boolean> =>
    (await audience.ask('sightings', null, sightingsOutput)).live;
  await until('the real viewers are live', live, { limitMs: ARRIVAL_LIMIT_MS, signal: rig.signal });
  await pause(SETTLE_MS);
}

async function hubSlice(rig: Rig, firstSeat: number): Promise<Slice> {
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

async function naiveSlice({ scale, crowd, naive, signal }: Rig): Promise<Slice> {
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

function measuresOf(label: string, slices: readonly Slice[], withDelay: boolean): Measure[] {
  const of = (metric: keyof Slice) => summarise(slices.map((slice) => slice[metric]));
  const measures = [
    measureOf(`${label}, CPU`, 'us a change and viewer', of('cpuUs')),
    measureOf(`${label}, bytes`, 'a change and viewer', of('bytes')),
    measureOf(`${label}, messages`, '/s a viewer', of('framesPerSecond')),
  ];
  if (!withDelay) return measures;
  return [
    ...measures,
    measureOf(`${label}, Redis to a viewer's map, p50`, 'ms', of('p50Ms')),
    measureOf(`${label}, Redis to a viewer's map, p99`, 'ms', of('p99Ms')),
  ];
}

async function checksOf(
  { redis, catalogue, show, audience }: Rig,
  samples: { readonly hub: readonly Slice[]; readonly naive: readonly Slice[] },
): Promise<Check[]> {
  const { maps, live } = await audience.ask('sightings', null, sightingsOutput);
  const stored = await readStoredEvent(redis, show.id);
  const archived = await catalogue.readFeed(show.id, stored.position.epoch);
  const viewers = maps.map((map, at) => ({
    name: `viewer ${at + 1}`,
    from: 0,
    map: new Uint8Array(Buffer.from(map, 'base64')),
  }));
  return [
    {
      what: 'hub: no gap, no lost connection, no change that a real viewer missed',
      passed: samples.hub.every(({ faults }) => faults === 0),
    },
    {
      what: 'naive: every change arrived once everywhere',
      passed: samples.naive.every(({ faults }) => faults === 0),
    },
    { what: 'the real viewers are live', passed: live && viewers.length === REAL_VIEWERS },
    await auditCheck(redis, show.id, { archived, viewers }),
  ];
}

const AUDIENCE_BUSY_SHARE = 0.85;

function notesOf(
  { viewers, seconds }: Scale,
  tied: string,
  samples: { readonly hub: readonly Slice[]; readonly naive: readonly Slice[] },
): string[] {
  const median = (slices: readonly Slice[], metric: 'share' | 'audienceShare'): number =>
    summarise(slices.map((slice) => slice[metric])).median;
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const busy = Math.max(
    median(samples.hub, 'audienceShare'),
    median(samples.naive, 'audienceShare'),
  );
  const notes = [
    `${viewers} viewers of the whole stadium on each server, slices of ${seconds} s. ${tied}`,
    `CPU of a core: hub ${percent(median(samples.hub, 'share'))}, naive ${percent(median(samples.naive, 'share'))}, their audiences at most ${percent(busy)}.`,
    'Naive: io.emit of {"seat","state"} for every change, made in its own process: no Redis, projection or tokens.',
    `All but ${REAL_VIEWERS} of the hub's viewers are raw sockets that check that each frame joins on to the one before.`,
  ];
  if (busy > AUDIENCE_BUSY_SHARE) {
    notes.push(
      'The audience was the bottleneck: delays are upper bounds; CPU of the servers stands.',
    );
  }
  return notes;
}
