import { startTestRedis } from '@holdfast/infra/testing';
import { z } from 'zod';
import { startTaskProcess, type TaskProcess } from '../../harness/child-tasks.ts';
import { tieToCores } from '../../harness/cores.ts';
import { spendingOf } from '../../harness/cpu-time.ts';
import { type Check, type Figure, type Measure, measureOf } from '../../harness/figure.ts';
import { interleave } from '../../harness/interleave.ts';
import { limitOtherThan } from '../../harness/load-limit.ts';
import { type Ratio, ratioOf } from '../../harness/ratio.ts';
import { withReleases } from '../../harness/release-stack.ts';
import { summarise } from '../../harness/statistics.ts';
import { sliceOutput } from './lock-cost-process.ts';

type Cost = {
  readonly perSecond: number;
  /** CPU of the process that places, and of Redis, for each hold. */
  readonly nodeUs: number;
  readonly redisUs: number;
  readonly share: number;
  readonly redisShare: number;
  readonly unexpected: number;
  readonly missedLocks: number;
};

const HEIGHTS = ['pipelined', 'script', 'lock'] as const;
type Height = (typeof HEIGHTS)[number];
type Kind = 'won' | 'refused';

const NAMES: Readonly<Record<Height, string>> = {
  pipelined: 'EVALSHA, pipelines of 16, bare socket',
  script: 'place through the store',
  lock: 'lock + place + give back',
};
const US_PER_MS = 1_000;
const SECOND_MS = 1_000;

/** Figure H, store heights: what the lock adds to a hold, and how far the store is from bare Redis. */
export const lockCost: Figure = {
  name: 'lock-cost',
  title: 'Cost of the lock around a hold',
  limitMs: 300_000,
  run: ({ quick, signal }) =>
    withReleases(async (releases) => {
      const holds = quick ? 2_000 : 10_000;
      const rounds = quick ? 2 : 5;
      const redis = releases.add(await startTestRedis(), (server) => server.stop());
      const process = releases.add(
        startTaskProcess(new URL('./lock-cost-process.ts', import.meta.url)),
        (child) => child.stop(),
      );
      const redisPid = redis.process.pid ?? 0;
      const tied = await tieToCores({ measured: [process.pid], load: [redisPid] });
      await process.ask('open', { url: redis.url, port: redis.port }, z.null());
      const measures: Measure[] = [];
      const ratios: Ratio[] = [];
      const checks: Check[] = [];
      const notes = [`${holds} holds of one seat a slice, 64 in flight, one connection. ${tied}`];
      for (const kind of ['won', 'refused'] as const) {
        const variant = (height: Height) => () => {
          signal.throwIfAborted();
          return measureSlice(process, redisPid, { height, kind, holds });
        };
        const warm = interleave({ script: variant('script'), lock: variant('lock') }, 1);
        await warm;
        const costs = await interleave(
          { pipelined: variant('pipelined'), script: variant('script'), lock: variant('lock') },
          rounds,
        );
        for (const height of HEIGHTS) measures.push(...measuresOf(kind, height, costs[height]));
        ratios.push(...ratiosOf(kind, costs));
        checks.push({
          what: `${kind}: every outcome was the expected one, and as many holds are live`,
          passed: HEIGHTS.every((height) => costs[height].every((cost) => cost.unexpected === 0)),
        });
        const missed = costs.lock.reduce((sum, cost) => sum + cost.missedLocks, 0);
        notes.push(`${kind}: ${missed} of ${holds * costs.lock.length} locks were missed.`);
        notes.push(...limits(kind, costs));
      }
      return { measures, ratios, checks, notes };
    }),
};

async function measureSlice(
  process: TaskProcess,
  redisPid: number,
  plan: { readonly height: Height; readonly kind: Kind; readonly holds: number },
): Promise<Cost> {
  // The CPU of Redis includes opening the event, and in a refused slice the holds that stand in the
  // way; those are the same for each height, so it is told for won holds only.
  const { value, spent } = await spendingOf([redisPid], () =>
    process.ask('slice', plan, sliceOutput),
  );
  const { wallMs, cpuMs, unexpected, missedLocks } = value;
  const redisMs = spent.cpuMs[0] ?? 0;
  return {
    perSecond: (plan.holds / wallMs) * SECOND_MS,
    nodeUs: (cpuMs / plan.holds) * US_PER_MS,
    redisUs: (redisMs / plan.holds) * US_PER_MS,
    share: cpuMs / wallMs,
    redisShare: redisMs / wallMs,
    unexpected,
    missedLocks,
  };
}

function measuresOf(kind: Kind, height: Height, costs: readonly Cost[]): Measure[] {
  const of = (metric: 'perSecond' | 'nodeUs' | 'redisUs') =>
    summarise(costs.map((cost) => cost[metric]));
  const label = `${kind}: ${NAMES[height]}`;
  const measures = [
    measureOf(label, 'holds/s', of('perSecond')),
    measureOf(`${label}, Node CPU`, 'us a hold', of('nodeUs')),
  ];
  if (kind === 'won') measures.push(measureOf(`${label}, Redis CPU`, 'us a hold', of('redisUs')));
  return measures;
}

function ratiosOf(kind: Kind, costs: Readonly<Record<Height, readonly Cost[]>>): Ratio[] {
  const { pipelined, script, lock } = costs;
  return [
    ratioOf(`${kind}: store over bare socket, holds/s`, 'perSecond', {
      candidate: script,
      peer: pipelined,
    }),
    ratioOf(`${kind}: with lock over without, holds/s`, 'perSecond', {
      candidate: lock,
      peer: script,
    }),
    ratioOf(`${kind}: with lock over without, Node CPU`, 'nodeUs', {
      candidate: lock,
      peer: script,
    }),
  ];
}

function limits(kind: Kind, costs: Readonly<Record<Height, readonly Cost[]>>): string[] {
  if (kind === 'refused') return []; // the share of Redis holds the preparation there
  const share = (height: Height, metric: 'share' | 'redisShare'): number =>
    summarise(costs[height].map((cost) => cost[metric])).median;
  return (['script', 'lock'] as const).flatMap((height) => {
    const limit = limitOtherThan(
      { name: `the placing process (${NAMES[height]})`, share: share(height, 'share') },
      { name: 'Redis', share: share(height, 'redisShare') },
    );
    return limit === null ? [] : [limit];
  });
}
