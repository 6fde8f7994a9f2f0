import { readFile } from 'node:fs/promises';
import type { Ambient } from '@holdfast/db/model';
import { Redis } from 'ioredis';
import { readFigures, sumOfFigures } from '../process-figures.ts';
import { createTally, type Tally } from '../sale/tally.ts';
import { startStack, type TestStack } from '../stack.ts';
import { runChaosRound } from './chaos-round.ts';
import { servicesOf } from './faults.ts';

export type ChaosPlan = {
  readonly seed: number;
  readonly ambient: Ambient;
  /** Of the trouble in one round. */
  readonly roundMs: number;
  /** Asked before each round but the first. */
  readonly goesOn: () => boolean;
  readonly onRound: (round: ChaosRoundTold) => void;
};

export type ChaosRoundTold = {
  readonly number: number;
  readonly seed: number;
  readonly findings: readonly string[];
  readonly feedRecords: number;
  readonly calmedMs: number;
};

export type ChaosOutcome = {
  readonly rounds: readonly ChaosRoundTold[];
  readonly tally: Tally;
  /** What each process used at the end, in bytes. */
  readonly residentBytes: ReadonlyMap<string, number>;
  /** Seats that readers had wrong until a comparison with the store told them; must be 0. */
  readonly repairs: number;
};

const SEEDS = 2 ** 31;

/** Round after round on one installation, each with an event of its own. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosOutcome> {
  const stack = await startStack({ apis: 2, hubs: 2, workers: 2 });
  const redis = new Redis(stack.redisUrl);
  redis.on('error', () => undefined); // it is cut like the others, and comes back by itself
  const tally = createTally();
  const rounds: ChaosRoundTold[] = [];
  try {
    do {
      const told = await oneRound(plan, { stack, redis, tally, number: rounds.length + 1 });
      rounds.push(told);
      plan.onRound(told);
    } while (plan.goesOn());
    return {
      ...{ rounds, tally },
      residentBytes: await residentBytes(stack),
      repairs: await repairsOf(stack),
    };
  } finally {
    redis.disconnect();
    await stack.stop();
  }
}

async function oneRound(
  { seed: first, ambient, roundMs }: ChaosPlan,
  on: {
    readonly stack: TestStack;
    readonly redis: Redis;
    readonly tally: Tally;
    readonly number: number;
  },
): Promise<ChaosRoundTold> {
  const { number } = on;
  const seed = (first + number - 1) % SEEDS;
  const told = { number, seed };
  try {
    const round = await runChaosRound({
      ...{ ...on, ambient, seed },
      durationMs: roundMs,
      eventName: `chaos-${number}`,
    });
    const findings = round.findings.map(({ code, sentence }) => `${code}: ${sentence}`);
    return { ...told, ...round, findings };
  } catch (error) {
    // Something that never became calm or right: it is a finding like any other.
    const findings = [`not calm: ${error instanceof Error ? error.message : String(error)}`];
    return { ...told, findings, feedRecords: 0, calmedMs: 0 };
  }
}

/** Readers count a repair when the store's map differs from theirs though nothing was missing (I4). */
async function repairsOf(stack: TestStack): Promise<number> {
  let sum = 0;
  for (const service of [...stack.apis, ...stack.hubs]) {
    sum += sumOfFigures(await readFigures(service), /projection_.*repairs/);
  }
  return sum;
}

async function residentBytes(stack: TestStack): Promise<Map<string, number>> {
  const bytes = new Map<string, number>();
  for (const service of [...servicesOf(stack), stack.gateway]) {
    const status = await readFile(`/proc/${service.pid()}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kilobytes !== undefined) bytes.set(service.name, Number(kilobytes) * 1_024);
  }
  return bytes;
}
