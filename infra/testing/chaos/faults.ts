import { type Ambient, sleep } from '@holdfast/db/model';
import type { Redis } from 'ioredis';
import type { TestProcess } from '../processes/test-process.ts';
import type { TestStack } from '../stack.ts';
import type { Victims } from './victims.ts';

/** What goes wrong in a run, by name. Each fault ends by itself. */
export const FAULTS = [
  /** A service dies without a word and is started again. */
  'service killed',
  /** A service is asked to leave: it drains, and another one takes its place. */
  'service drained',
  /** A service stands still, longer than locks, commands and beats wait, and then goes on. */
  'service paused',
  /** All subscribers lose their connection at once: deltas, notices of expiry. */
  'subscribers cut',
  /** All clients lose their connection in the midst of commands: replies are lost. */
  'connections cut',
  /** Redis tells of no expired key. */
  'notices off',
  /** Redis answers nobody for a while. */
  'redis silent',
  /** Redis forgets the scripts that it had loaded. */
  'scripts forgotten',
] as const;

export type Fault = (typeof FAULTS)[number];

export type FaultParts = {
  readonly stack: TestStack;
  readonly redis: Redis;
  readonly ambient: Ambient;
  readonly victims: Victims;
  readonly fraction: () => number;
};

/** The longest wait of all, that of a viewer for a beat, is 15 s. */
const PAUSE_MS = { least: 1_000, most: 18_000 } as const;
const NOTICES_OFF_MS = { least: 2_000, most: 10_000 } as const;
const SILENCE_MS = { least: 200, most: 3_000 } as const;
/** Expired keys of all kinds, as the stack sets it. */
const NOTICES = 'Ex';

/** Lets one thing go wrong and resolves when it is over; false if there was nobody to do it to. */
export function inflict(fault: Fault, parts: FaultParts): Promise<boolean> {
  return DEEDS[fault](parts);
}

const DEEDS: Readonly<Record<Fault, (parts: FaultParts) => Promise<boolean>>> = {
  'service killed': (parts) => end(parts, (victim) => victim.crash()),
  'service drained': (parts) => end(parts, (victim) => victim.leave()),
  'service paused': ({ victims, fraction }) =>
    victims.take((victim) => victim.pause(between(PAUSE_MS, fraction))),
  'subscribers cut': ({ redis }) => done(redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')),
  'connections cut': ({ redis }) =>
    done(redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
  'notices off': async ({ redis, ambient, fraction }) => {
    await redis.config('SET', 'notify-keyspace-events', '');
    await sleep(ambient.timers, between(NOTICES_OFF_MS, fraction));
    return done(redis.config('SET', 'notify-keyspace-events', NOTICES));
  },
  'redis silent': ({ redis, fraction }) =>
    done(redis.call('CLIENT', 'PAUSE', Math.round(between(SILENCE_MS, fraction)), 'ALL')),
  'scripts forgotten': ({ redis }) => done(redis.script('FLUSH')),
};

async function end(
  { victims }: FaultParts,
  how: (victim: TestProcess) => Promise<void>,
): Promise<boolean> {
  return victims.take(async (victim) => {
    await how(victim);
    await victim.ready();
  });
}

async function done(deed: Promise<unknown>): Promise<boolean> {
  await deed;
  return true;
}

function between(
  range: { readonly least: number; readonly most: number },
  fraction: () => number,
): number {
  return range.least + fraction() * (range.most - range.least);
}

/** The processes that faults are done to. */
export function servicesOf({ apis, hubs, workers }: TestStack): readonly TestProcess[] {
  return [...apis, ...hubs, ...workers];
}
