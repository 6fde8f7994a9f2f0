import { ownerId } from '@holdfast/db/model';
import { readStoredEvent } from '@holdfast/db/redis';
import { z } from 'zod';
import { until } from '../../harness/bounded.ts';
import type { TaskProcess } from '../../harness/child-tasks.ts';
import type { Check, FigureRun } from '../../harness/figure.ts';
import { percentile } from '../../harness/statistics.ts';
import { auditCheck } from '../audit-check.ts';
import type { BenchStack } from '../bench-stack.ts';
import { showIn, type Venue } from '../venue.ts';
import { sightingsOutput } from './audience-process.ts';
import { lagsOf, type Release } from './expiry-lags.ts';
import { placedOutput } from './expiry-load-process.ts';
import { lapsedOutput } from './plain-expiry-process.ts';

/** How many and how long. */
export type Scale = {
  readonly holds: number;
  readonly otherKeys: number;
  readonly holdTtlMs: number;
  readonly rounds: number;
  /** How long the peer is waited for. */
  readonly patienceMs: number;
};
/** What one slice showed. */
export type Lag = {
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

/** All that takes part. */
export type ExpiryRig = BenchStack & {
  readonly venue: Venue;
  readonly run: FigureRun;
  readonly scale: Scale;
  readonly shows: readonly { readonly id: string }[];
  readonly load: TaskProcess;
  readonly audience: TaskProcess;
  readonly plain: TaskProcess;
};

const ARRIVAL_LIMIT_MS = 60_000;
/** A key needs no time to be placed and seen first; a shorter wait changes nothing for the peer. */
const PLAIN_TTL_MS = 3_000;
const VIEWER = ownerId('bench-viewer');

/** Places the holds of one show, waits for their ends, and puts them beside what the viewer saw. */
export async function holdSlice(
  rig: ExpiryRig,
  slice: number,
): Promise<{ lag: Lag; check: Check }> {
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

/** The same with bare keys and TTLs. */
export async function plainSlice({ plain, scale, run }: ExpiryRig): Promise<Lag> {
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

function percentiles(lagsMs: readonly number[]): Pick<Lag, 'p50Ms' | 'p99Ms' | 'maxMs'> {
  return {
    p50Ms: percentile(lagsMs, 0.5),
    p99Ms: percentile(lagsMs, 0.99),
    maxMs: percentile(lagsMs, 1),
  };
}
