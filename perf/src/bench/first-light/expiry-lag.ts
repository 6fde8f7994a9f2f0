import { ownerId } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { startTestRedis } from '@holdfast/infra/testing';
import { z } from 'zod';
import { until } from '../../harness/bounded.ts';
import { startTaskProcess, type TaskProcess } from '../../harness/child-tasks.ts';
import {
  type Check,
  type Figure,
  type FigureRun,
  type Measure,
  measureOf,
} from '../../harness/figure.ts';
import { interleave } from '../../harness/interleave.ts';
import { ratioOf } from '../../harness/ratio.ts';
import { type ReleaseStack, withReleases } from '../../harness/release-stack.ts';
import { percentile, summarise } from '../../harness/statistics.ts';
import { auditCheck } from '../audit-check.ts';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { readStadium, showIn, type Venue } from '../venue.ts';
import { sightingsOutput } from './audience-process.ts';
import { lagsOf, type Release } from './expiry-lags.ts';
import { placedOutput } from './expiry-load-process.ts';
import { lapsedOutput } from './plain-expiry-process.ts';

type Scale = {
  readonly holds: number;
  readonly otherKeys: number;
  readonly holdTtlMs: number;
  readonly rounds: number;
  /** How long the peer is waited for. */
  readonly patienceMs: number;
};
const FULL: Scale = {
  holds: 10_000,
  otherKeys: 200_000,
  holdTtlMs: 10_000,
  rounds: 2,
  patienceMs: 20_000,
};
const QUICK: Scale = {
  holds: 2_000,
  otherKeys: 50_000,
  holdTtlMs: 6_000,
  rounds: 1,
  patienceMs: 8_000,
};

type Lag = {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** From the due time to the transition in Redis; equal to the above for the peer. */
  readonly endedP99Ms: number;
  readonly early: number;
  readonly lost: number;
  /** How far the due times lie apart: wanted is one second. */
  readonly spanMs: number;
};

const ARRIVAL_LIMIT_MS = 60_000;
/** A key needs no time to be placed and seen first; a shorter wait changes nothing for the peer. */
const PLAIN_TTL_MS = 3_000;
const VIEWER = ownerId('bench-viewer');

/** Figure E: everything that was held is due in one second, among many keys that are not. */
export const expiryLag: Figure = {
  name: 'expiry-lag',
  title: 'Lag of expiry when all holds are due in one second, beside keyspace events of key TTLs',
  limitMs: 400_000,
  run: (run) =>
    withReleases(async (releases) => {
      const scale = run.quick ? QUICK : FULL;
      const venue = await readStadium();
      const { holdTtlMs } = scale;
      const count = scale.rounds * 2;
      const shows = Array.from({ length: count }, (_, at) =>
        showIn(venue, `expiry-${at}`, { holdTtlMs }),
      );
      const bench = await startBenchStack(releases, { venue, shows, signal: run.signal });
      const rig = await prepare(releases, { ...bench, venue, run, scale, shows });
      const checks: Check[] = [];
      const samples = await interleave(
        {
          plain: () => plainSlice(rig),
          holdfast: async (slice) => {
            const { lag, check } = await holdSlice(rig, slice);
            checks.push(check);
            return lag;
          },
        },
        scale.rounds,
      );
      const all = [...samples.holdfast, ...samples.plain];
      const spans = summarise(all.map(({ spanMs }) => spanMs));
      return {
        measures: [...measuresOf('Holdfast', samples.holdfast), ...peerMeasures(samples.plain)],
        ratios: [
          ratioOf('Holdfast over plain keyspace events, p50', 'p50Ms', {
            candidate: samples.holdfast,
            peer: samples.plain,
          }),
          ratioOf('Holdfast over plain keyspace events, p99', 'p99Ms', {
            candidate: samples.holdfast,
            peer: samples.plain,
          }),
        ],
        checks: [
          ...checks,
          {
            what: 'no hold ended before its deadline',
            passed: samples.holdfast.every(({ early }) => early === 0),
          },
          {
            what: 'every hold ended, and the viewer saw each seat free again',
            passed: samples.holdfast.every(({ lost }) => lost === 0),
          },
        ],
        notes: [
          `${scale.holds} holds, each of one seat, spread over the stadium, due within ${Math.round(spans.min)} to ${Math.round(spans.max)} ms, among ${scale.otherKeys} keys with a TTL; one worker, one hub, one real viewer of the whole stadium.`,
          "Lag: from the deadline in Redis to the free seat on the viewer's map (wall clocks of one machine, to the millisecond).",
          'Plain: the same number of keys with a TTL on a server of their own, among as many others; lag until a subscriber hears "expired".',
          ...untoldNotes(scale, samples.plain),
          'Cores are not tied: worker, hub, viewer and Redis take what is free.',
        ],
      };
    }),
};

type Rig = BenchStack & {
  readonly venue: Venue;
  readonly run: FigureRun;
  readonly scale: Scale;
  readonly shows: readonly { readonly id: string }[];
  readonly load: TaskProcess;
  readonly audience: TaskProcess;
  readonly plain: TaskProcess;
};

async function prepare(
  releases: ReleaseStack,
  parts: Omit<Rig, 'load' | 'audience' | 'plain'>,
): Promise<Rig> {
  const started = (file: string): TaskProcess =>
    releases.add(startTaskProcess(new URL(file, import.meta.url)), (child) => child.stop());
  const { stack, scale, run } = parts;
  const server = releases.add(await startTestRedis(['--notify-keyspace-events', 'Ex']), (redis) =>
    redis.stop(),
  );
  const load = started('./expiry-load-process.ts');
  const plain = started('./plain-expiry-process.ts');
  run.say(`writing ${scale.otherKeys} keys with a TTL to each of the two servers`);
  const { otherKeys } = scale;
  await Promise.all([
    load.ask('open', { redisUrl: stack.redisUrl, otherKeys }, z.null()),
    plain.ask('open', { redisUrl: server.url, otherKeys }, z.null()),
  ]);
  return { ...parts, load, plain, audience: started('./audience-process.ts') };
}

async function holdSlice(rig: Rig, slice: number): Promise<{ lag: Lag; check: Check }> {
  const { stack, scale, run, venue, load, audience, redis, catalogue } = rig;
  const event = showIn(venue, rig.shows[slice]?.id ?? '').id;
  run.signal.throwIfAborted();
  const token = await stack.tokens.issue({ subject: VIEWER, role: 'shopper', ttlSeconds: 3_600 });
  const sections = venue.chart.sections.map(({ start, seatCount }) => ({ start, seatCount }));
  const url = stack.hubs[0]?.url() ?? '';
  const chart = { hash: venue.hash, sections };
  await audience.ask(
    'show',
    { url, origin: stack.gatewayUrl, token, event, count: 1, chart },
    z.null(),
  );
  const limits = { limitMs: ARRIVAL_LIMIT_MS, signal: run.signal };
  await until(
    'the viewer is live',
    async () => await audience.ask('live', null, z.boolean()),
    limits,
  );
  const stride = Math.floor(venue.chart.seatCount / scale.holds);
  const { deadlines, spanMs } = await load.ask(
    'place',
    { event, chartHash: venue.hash, holds: scale.holds, stride, spanMs: 1_000 },
    placedOutput,
  );
  run.say(`${scale.holds} holds placed; waiting for their end`);
  await until(
    'all holds have ended',
    async () => (await redis.zcard(`{${event}}:due`)) === 0,
    limits,
  );
  await until(
    'the viewer shows every seat free',
    async () => (await audience.ask('freed', null, z.number())) >= scale.holds,
    limits,
  );
  const { seen, maps } = await audience.ask('sightings', null, sightingsOutput);
  await audience.ask('leave', null, z.null());
  const stored = await readStoredEvent(redis, event);
  const archived = await catalogue.readFeed(event, stored.position.epoch);
  const sightings: Release[] = (seen[0] ?? [])
    .filter(([, state]) => state === 0)
    .map(([seat, , atMs]) => ({ seat, atMs }));
  const told = lagsOf({ deadlines, sightings, feed: [...archived, ...stored.feed] });
  const map = new Uint8Array(Buffer.from(maps[0] ?? '', 'base64'));
  const check = await auditCheck(redis, event, {
    archived,
    viewers: [{ name: 'viewer', from: 0, map }],
  });
  return {
    check,
    lag: {
      ...percentiles(told.shownMs),
      ...told,
      endedP99Ms: percentile(told.endedMs, 0.99),
      spanMs,
    },
  };
}

async function plainSlice({ plain, scale, run }: Rig): Promise<Lag> {
  run.signal.throwIfAborted();
  const { lagsMs, untold, spanMs } = await plain.ask(
    'lapse',
    { keys: scale.holds, ttlMs: PLAIN_TTL_MS, spanMs: 1_000, patienceMs: scale.patienceMs },
    lapsedOutput,
    ARRIVAL_LIMIT_MS + scale.patienceMs,
  );
  return {
    ...percentiles(lagsMs),
    endedP99Ms: percentile(lagsMs, 0.99),
    ...{ early: 0, spanMs, lost: untold },
  };
}

function untoldNotes({ holds, patienceMs }: Scale, plain: readonly Lag[]): string[] {
  const untold = plain.map(({ lost }) => lost);
  if (untold.every((count) => count === 0)) return [];
  const waited = `${patienceMs / 1_000} s after the last was due`;
  return [
    `Plain: ${untold.join(', ')} of ${holds} keys were still not told ${waited}; they count with the lag they had by then, so its percentiles are lower bounds and the ratios upper bounds.`,
  ];
}

function percentiles(lagsMs: readonly number[]): Pick<Lag, 'p50Ms' | 'p99Ms' | 'maxMs'> {
  return {
    p50Ms: percentile(lagsMs, 0.5),
    p99Ms: percentile(lagsMs, 0.99),
    maxMs: percentile(lagsMs, 1),
  };
}

function measuresOf(name: string, lags: readonly Lag[]): Measure[] {
  const of = (metric: keyof Lag) => summarise(lags.map((lag) => lag[metric]));
  return [
    measureOf(`${name}: due to free on the viewer's map, p50`, 'ms', of('p50Ms')),
    measureOf(`${name}: due to free on the viewer's map, p99`, 'ms', of('p99Ms')),
    measureOf(`${name}: due to free on the viewer's map, last`, 'ms', of('maxMs')),
    measureOf(`${name}: due to ended in Redis, p99`, 'ms', of('endedP99Ms')),
  ];
}

function peerMeasures(lags: readonly Lag[]): Measure[] {
  const of = (metric: keyof Lag) => summarise(lags.map((lag) => lag[metric]));
  return [
    measureOf('plain: due to "expired" heard, p50', 'ms', of('p50Ms')),
    measureOf('plain: due to "expired" heard, p99', 'ms', of('p99Ms')),
    measureOf('plain: due to "expired" heard, last', 'ms', of('maxMs')),
  ];
}
