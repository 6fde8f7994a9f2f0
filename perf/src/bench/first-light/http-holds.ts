import { type EventDocument, seatLabels } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { z } from 'zod';
import { pause } from '../../harness/bounded.ts';
import { startTaskProcess, type TaskProcess } from '../../harness/child-tasks.ts';
import { tieToCores } from '../../harness/cores.ts';
import { spendingOf } from '../../harness/cpu-time.ts';
import { type Check, type Figure, type Measure, measureOf } from '../../harness/figure.ts';
import { interleave } from '../../harness/interleave.ts';
import { limitOtherThan } from '../../harness/load-limit.ts';
import { ratioOf } from '../../harness/ratio.ts';
import { withReleases } from '../../harness/release-stack.ts';
import { summarise } from '../../harness/statistics.ts';
import { auditCheck } from '../audit-check.ts';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { inFlight } from '../placing.ts';
import { readStadium, showIn, type Venue } from '../venue.ts';
import { waveOutput } from './http-load-process.ts';

const KINDS = ['bare', 'won', 'refused'] as const;
type Kind = (typeof KINDS)[number];

type Wave = {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly share: number;
  readonly loadShare: number;
  readonly wrong: number;
};

type Rig = BenchStack & {
  readonly load: TaskProcess;
  readonly show: EventDocument;
  readonly labels: readonly string[];
  /** Port and process of each kind's server. */
  readonly servers: Readonly<Record<Kind, { readonly port: number; readonly pid: number }>>;
};

const AT_ONCE = 64;
/** Seats that are taken from the start; everybody who is refused asks for one of them. */
const HOT_SEATS = 50;
const HOUR_MS = 3_600_000;
/** The API's map is proved against Redis once a second; a slice begins with a fresh one. */
const SETTLE_MS = 1_300;
const US_PER_MS = 1_000;
const SECOND_MS = 1_000;

/** Figure H, whole HTTP: token, budget, validation, Idempotency-Key, lock, script, news, answer. */
export const httpHolds: Figure = {
  name: 'http-holds',
  title: 'Holds per second over HTTP with one API, beside a bare Koa route',
  limitMs: 400_000,
  run: ({ quick, signal, say }) =>
    withReleases(async (releases) => {
      const shoppers = quick ? 1_000 : 5_000;
      const rounds = quick ? 1 : 5;
      const venue = await readStadium();
      const show = showIn(venue, 'http-holds', { holdTtlMs: HOUR_MS, maxTotalMs: HOUR_MS });
      const bench = await startBenchStack(releases, { venue, shows: [show], signal });
      const started = (file: string): TaskProcess =>
        releases.add(startTaskProcess(new URL(file, import.meta.url)), (child) => child.stop());
      const [load, bare] = [started('./http-load-process.ts'), started('./bare-koa-process.ts')];
      const rig = await prepare({ ...bench, load, show, venue }, bare, shoppers);
      const { hubs, workers, gateway } = bench.stack;
      const others = [...hubs, ...workers, gateway].map((process) => process.pid());
      const tied = await tieToCores({
        measured: [rig.servers.won.pid, bare.pid],
        load: [load.pid, bench.redisPid, ...others],
      });
      say('warming up');
      const waves = waveRunner(rig, shoppers, signal);
      for (const kind of KINDS) await waves[kind]();
      const samples = await interleave(waves, rounds);
      const notes = [
        `${shoppers} shoppers a slice, ${AT_ONCE} requests at once, one seat each, straight to the API. ${tied}`,
        'Bare: Koa with the same token verifier, a parsed body and an answer of the same size; no store, no limits.',
        'Won and refused carry an Idempotency-Key, as the page does. Refused: everybody asks for one of ' +
          `${HOT_SEATS} taken seats, which the API knows from its own map and proves with one read.`,
        ...limits(samples),
      ];
      return {
        measures: KINDS.flatMap((kind) => measuresOf(kind, samples[kind])),
        ratios: KINDS.slice(1).flatMap((kind) => [
          ratioOf(`${kind} over bare, requests/s`, 'perSecond', {
            candidate: samples[kind],
            peer: samples.bare,
          }),
          ratioOf(`${kind} over bare, CPU`, 'cpuUs', {
            candidate: samples[kind],
            peer: samples.bare,
          }),
        ]),
        checks: await checksOf(rig, samples, shoppers),
        notes,
      };
    }),
};

async function prepare(
  parts: BenchStack & {
    readonly load: TaskProcess;
    readonly show: EventDocument;
    readonly venue: Venue;
  },
  bare: TaskProcess,
  shoppers: number,
): Promise<Rig> {
  const { stack, load, venue } = parts;
  const keysFile = stack.signingKeysFile;
  const port = await bare.ask('listen', { keysFile }, z.number());
  const api = stack.apis[0];
  if (api === undefined) throw new Error('the stack has no API');
  const served = { port: Number(new URL(api.url()).port), pid: api.pid() };
  const rig = {
    ...parts,
    labels: seatLabels(venue.chart),
    servers: {
      bare: { port, pid: bare.pid },
      won: served,
      refused: served,
    },
  };
  const groups = { winner: shoppers, loser: shoppers, owner: HOT_SEATS };
  for (const [prefix, count] of Object.entries(groups)) {
    await load.ask('enter', { keysFile, shoppers: count, prefix }, z.null());
  }
  await load.ask(
    'wave',
    { ...planOf(rig, 'won'), prefix: 'owner', labels: rig.labels.slice(0, HOT_SEATS), key: 'hot' },
    waveOutput,
  );
  return rig;
}

function planOf(rig: Rig, kind: Kind) {
  const path = `/v1/events/${rig.show.id}/holds`;
  return { port: rig.servers[kind].port, path, chartHash: rig.show.chartHash, atOnce: AT_ONCE };
}

/** Each slice of winners takes seats that nobody had before, so that only this slice's work counts. */
function waveRunner(rig: Rig, shoppers: number, signal: AbortSignal) {
  let taken = HOT_SEATS;
  let wave = 0;
  const run = async (kind: Kind): Promise<Wave> => {
    signal.throwIfAborted();
    wave += 1;
    const wins = kind === 'won';
    if (wins) await giveBack(rig);
    const labels = wins
      ? rig.labels.slice(taken, taken + shoppers)
      : rig.labels.slice(0, HOT_SEATS);
    if (wins) taken += shoppers;
    const plan = {
      ...planOf(rig, kind),
      prefix: wins ? 'winner' : 'loser',
      labels,
      key: `wave-${wave}`,
    };
    const { value, spent } = await spendingOf([rig.servers[kind].pid], () =>
      rig.load.ask('wave', plan, waveOutput),
    );
    const cpuMs = spent.cpuMs[0] ?? 0;
    const wanted = kind === 'bare' || wins ? '201' : '409';
    return {
      perSecond: (shoppers / value.wallMs) * SECOND_MS,
      cpuUs: (cpuMs / shoppers) * US_PER_MS,
      p50Ms: value.p50Ms,
      p99Ms: value.p99Ms,
      share: cpuMs / value.wallMs,
      loadShare: value.cpuMs / value.wallMs,
      wrong: shoppers - (value.statuses[wanted] ?? 0),
    };
  };
  return {
    bare: () => run('bare'),
    won: () => run('won'),
    refused: () => run('refused'),
  };
}

/** Ends the winners' holds behind the API's back and waits until it has read that in the feed. */
async function giveBack({ redis, store, show }: Rig): Promise<void> {
  const { holds } = await readStoredEvent(redis, show.id);
  const live = [...holds].filter(
    ([, hold]) => hold.status === 'held' && hold.owner.startsWith('winner'),
  );
  const trail = { actor: 'test', reason: 'bench', requestId: 'bench', traceId: '' } as const;
  await inFlight(live.length, AT_ONCE, async (at) => {
    const [holdId, hold] = live[at] ?? [];
    if (holdId === undefined || hold === undefined) return;
    await store.release(show.id, { holdId, owner: hold.owner, rev: null, trail });
  });
  await pause(SETTLE_MS);
}

function measuresOf(kind: Kind, waves: readonly Wave[]): Measure[] {
  const of = (metric: 'perSecond' | 'cpuUs' | 'p50Ms' | 'p99Ms') =>
    summarise(waves.map((wave) => wave[metric]));
  return [
    measureOf(`${kind}`, 'requests/s', of('perSecond')),
    measureOf(`${kind}, CPU of the server`, 'us a request', of('cpuUs')),
    measureOf(`${kind}, p50`, 'ms', of('p50Ms')),
    measureOf(`${kind}, p99`, 'ms', of('p99Ms')),
  ];
}

function limits(samples: Readonly<Record<Kind, readonly Wave[]>>): string[] {
  return KINDS.flatMap((kind) => {
    const share = (metric: 'share' | 'loadShare'): number =>
      summarise(samples[kind].map((wave) => wave[metric])).median;
    const limit = limitOtherThan(
      { name: `the server (${kind})`, share: share('share') },
      { name: 'the load generator', share: share('loadShare') },
    );
    return limit === null ? [] : [limit];
  });
}

async function checksOf(
  { redis, catalogue, show }: Rig,
  samples: Readonly<Record<Kind, readonly Wave[]>>,
  shoppers: number,
): Promise<Check[]> {
  const stored = await readStoredEvent(redis, show.id);
  const archived = await catalogue.readFeed(show.id, stored.position.epoch);
  const wanted = shoppers + HOT_SEATS;
  return [
    ...KINDS.map((kind) => ({
      what: `${kind}: every answer was ${kind === 'refused' ? '409' : '201'}`,
      passed: samples[kind].every((wave) => wave.wrong === 0),
    })),
    {
      what: `as many seats are held as the last slice won (${wanted})`,
      passed: stored.holders.size === wanted,
    },
    await auditCheck(redis, show.id, { archived }),
  ];
}
