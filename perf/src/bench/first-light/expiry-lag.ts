import { startTestRedis } from '@holdfast/infra/testing';
import { z } from 'zod';
import { startTaskProcess, type TaskProcess } from '../../harness/child-tasks.ts';
import { type Check, type Figure, type Measure, measureOf } from '../../harness/figure.ts';
import { interleave } from '../../harness/interleave.ts';
import { ratioOf } from '../../harness/ratio.ts';
import { type ReleaseStack, withReleases } from '../../harness/release-stack.ts';
import { summarise } from '../../harness/statistics.ts';
import { startBenchStack } from '../bench-stack.ts';
import { readStadium, showIn } from '../venue.ts';
import { type ExpiryRig, holdSlice, type Lag, plainSlice, type Scale } from './expiry-slices.ts';

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

async function prepare(
  releases: ReleaseStack,
  parts: Omit<ExpiryRig, 'load' | 'audience' | 'plain'>,
): Promise<ExpiryRig> {
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

function untoldNotes({ holds, patienceMs }: Scale, plain: readonly Lag[]): string[] {
  const untold = plain.map(({ lost }) => lost);
  if (untold.every((count) => count === 0)) return [];
  const waited = `${patienceMs / 1_000} s after the last was due`;
  return [
    `Plain: ${untold.join(', ')} of ${holds} keys were still not told ${waited}; they count with the lag they had by then, so its percentiles are lower bounds and the ratios upper bounds.`,
  ];
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
