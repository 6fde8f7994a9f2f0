import { findChromium } from '../chromium.ts';
import { whyNoRedisClock } from '../faults/redis-clock.ts';
import { testRedisProgram } from '../redis-server.ts';
import { whyNoSpin } from '../spin-tools.ts';
import type { Kind } from './kinds.ts';

/** A program that some tests need and npm cannot bring. */
export type Prerequisite = {
  readonly kinds: readonly Kind[];
  /** Brings it where that is possible; else says in one sentence what is missing and what to do. */
  readonly whyMissing: () => Promise<string | null>;
};

export const PREREQUISITES: readonly Prerequisite[] = [
  { kinds: ['redis', 'clock', 'azure', 'e2e'], whyMissing: whyNoRedis },
  { kinds: ['clock'], whyMissing: () => whyNoRedisClock() },
  { kinds: ['spin'], whyMissing: () => whyNoSpin() },
  { kinds: ['e2e'], whyMissing: whyNoChromium },
];

/** Looks once, and only for what tests of these kinds need: kind -> why it cannot run. */
export async function findMissing(
  kinds: readonly Kind[],
  prerequisites: readonly Prerequisite[],
): Promise<ReadonlyMap<Kind, string>> {
  const missing = new Map<Kind, string>();
  for (const { kinds: needing, whyMissing } of prerequisites) {
    const concerned = needing.filter((kind) => kinds.includes(kind) && !missing.has(kind));
    const why = concerned.length === 0 ? null : await whyMissing();
    if (why !== null) for (const kind of concerned) missing.set(kind, why);
  }
  return missing;
}

/** The same way as `npm start`: on PATH, or unpacked without root. */
async function whyNoRedis(): Promise<string | null> {
  try {
    await testRedisProgram();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function whyNoChromium(): Promise<string | null> {
  if ((await findChromium()) !== null) return null;
  return 'needs Chromium: sudo apt-get install chromium (macOS: brew install --cask chromium), or name one with CHROMIUM';
}
