import type { RedisConnection } from '@holdfast/db/redis';
import { createLogger, openRedis } from '@holdfast/infra/runtime';
import { z } from 'zod';
import { pause } from '../../harness/bounded.ts';
import { serveTasks } from '../../harness/child-tasks.ts';
import { writeOtherKeys } from '../other-keys.ts';
import { paced } from '../paced.ts';
import { wallMs } from '../wall-clock.ts';

/**
 * The peer of the worker: a key with a TTL for each hold, and a subscriber to "expired". Redis looks
 * at few keys at a time, so among many others some are told minutes late: after a while the waiting
 * ends, and what was not told by then counts with the lag that it has had so far.
 */
const openInput = z.object({ redisUrl: z.string(), otherKeys: z.number().int() });
const lapseInput = z.object({
  keys: z.number().int(),
  ttlMs: z.number(),
  spanMs: z.number(),
  /** How long to wait after the last key was due. */
  patienceMs: z.number(),
});
export const lapsedOutput = z.object({
  lagsMs: z.array(z.number()),
  /** Keys that were still not told; their lags are lower bounds. */
  untold: z.number(),
  spanMs: z.number(),
});

const EXPIRED_CHANNEL = '__keyevent@0__:expired';
const PREFIX = 'plain:';
const LOOK_AGAIN_MS = 20;
let open: { readonly redis: RedisConnection; readonly subscriber: RedisConnection } | undefined;

async function lapse(plan: z.output<typeof lapseInput>): Promise<z.output<typeof lapsedOutput>> {
  if (open === undefined) throw new Error('open first');
  const { redis, subscriber } = open;
  const heardAtMs = new Map<string, number>();
  const hear = (_channel: string, key: string): void => {
    if (key.startsWith(PREFIX)) heardAtMs.set(key, wallMs());
  };
  subscriber.on('message', hear);
  const [seconds, micros] = await redis.time();
  // TTLs are given as instants of Redis' clock: the due times are known without asking back.
  const startMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  const startedMs = performance.now();
  const dueMs = new Map<string, number>();
  await paced(plan.keys, plan.spanMs, async (number) => {
    const key = `${PREFIX}${startMs}:${number}`;
    const due = Math.round(startMs + (performance.now() - startedMs) + plan.ttlMs);
    dueMs.set(key, due);
    await redis.set(key, '1', 'PXAT', due);
  });
  const endMs = performance.now() + plan.ttlMs + plan.patienceMs;
  while (heardAtMs.size < plan.keys && performance.now() < endMs) await pause(LOOK_AGAIN_MS);
  subscriber.off('message', hear);
  const nowMs = wallMs();
  const lagsMs = [...dueMs].map(([key, due]) => (heardAtMs.get(key) ?? nowMs) - due);
  const untold = plan.keys - heardAtMs.size;
  for (const key of dueMs.keys()) if (!heardAtMs.has(key)) await redis.del(key);
  const sorted = [...dueMs.values()].sort((a, b) => a - b);
  return { lagsMs, untold, spanMs: (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) };
}

// Others import this file for the shapes of its answers.
if (import.meta.main) {
  serveTasks({
    open: async (input) => {
      const { redisUrl, otherKeys } = openInput.parse(input);
      const logger = createLogger('bench', 'silent');
      const [redis, subscriber] = await Promise.all([
        openRedis(redisUrl, { name: 'bench', role: 'commands', logger }),
        openRedis(redisUrl, { name: 'bench-plain', role: 'subscriber', logger }),
      ]);
      await writeOtherKeys(redis, otherKeys);
      await subscriber.subscribe(EXPIRED_CHANNEL);
      open = { redis, subscriber };
      return null;
    },
    lapse: (input) => lapse(lapseInput.parse(input)),
  });
}
