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
import { summarise } from '../../harness/statistics.ts';
import { auditCheck } from '../audit-check.ts';
import { startBenchStack } from '../bench-stack.ts';
import { readStadium, showIn, type Venue } from '../venue.ts';
import { sightingsOutput } from './audience-process.ts';
import {
  ARRIVAL_LIMIT_MS,
  type FanOutRig,
  hubSlice,
  naiveSlice,
  REAL_VIEWERS,
  type Scale,
  type Slice,
} from './fan-out-slices.ts';

const FULL: Scale = { viewers: 1_000, perSecond: 200, naivePerSecond: 40, seconds: 5, rounds: 3 };
const QUICK: Scale = { viewers: 300, perSecond: 200, naivePerSecond: 100, seconds: 3, rounds: 1 };

const HOUR_MS = 3_600_000;
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
      const show = showIn(venue, 'hub-fan-out', { holdTtlMs: HOUR_MS, maxTotalMs: HOUR_MS });
      const bench = await startBenchStack(releases, { venue, shows: [show], signal });
      const started = (file: string): TaskProcess =>
        releases.add(startTaskProcess(new URL(file, import.meta.url)), (child) => child.stop());
      const rig: FanOutRig = {
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

async function connect(rig: FanOutRig, { chart, hash }: Venue): Promise<void> {
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
  { redis, catalogue, show, audience }: FanOutRig,
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
