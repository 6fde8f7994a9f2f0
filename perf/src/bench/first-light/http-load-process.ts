import { ownerId } from '@holdfast/db/model';
import { createTokenIssuer } from '@holdfast/infra/runtime';
import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';
import { ownCpuTimeMs } from '../../harness/cpu-time.ts';
import { percentile } from '../../harness/statistics.ts';
import { inFlight } from '../placing.ts';
import { connectHttp, encodePost } from '../raw-http.ts';

/** Shoppers over HTTP, in a process of their own: each sends one request, many at once. */
const TOKEN_TTL_SECONDS = 3_600;

const enterInput = z.object({
  keysFile: z.string(),
  shoppers: z.number().int(),
  prefix: z.string(),
});
const waveInput = z.object({
  port: z.number(),
  path: z.string(),
  prefix: z.string(),
  chartHash: z.string(),
  /** The seat of shopper n is `labels[n % labels.length]`. */
  labels: z.array(z.string()).min(1),
  atOnce: z.number().int(),
  /** Names the wave in every Idempotency-Key. */
  key: z.string(),
});
type Wave = z.output<typeof waveInput>;

export const waveOutput = z.object({
  wallMs: z.number(),
  /** Of this process. */
  cpuMs: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** How often each status was answered. */
  statuses: z.record(z.string(), z.number()),
});

const tokens = new Map<string, readonly string[]>();

async function wave(plan: Wave): Promise<z.output<typeof waveOutput>> {
  const shoppers = tokens.get(plan.prefix) ?? [];
  const { chartHash, labels } = plan;
  const requests = shoppers.map((token, number) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      'Idempotency-Key': `${plan.key}-${number}`,
    };
    return encodePost(plan.path, headers, { seats: [labels[number % labels.length]], chartHash });
  });
  // Opened anew for each wave: a server closes what was idle while the others were measured.
  const open = await Promise.all(Array.from({ length: plan.atOnce }, () => connectHttp(plan.port)));
  const free = [...open];
  const tookMs: number[] = [];
  const statuses: Record<string, number> = {};
  const [startedMs, startedCpuMs] = [performance.now(), ownCpuTimeMs()];
  await inFlight(requests.length, plan.atOnce, async (number) => {
    const connection = free.pop();
    const request = requests[number];
    if (connection === undefined || request === undefined) throw new Error('no connection is free');
    const sentMs = performance.now();
    const status = await connection.request(request);
    tookMs.push(performance.now() - sentMs);
    statuses[status] = (statuses[status] ?? 0) + 1;
    free.push(connection);
  });
  const used = { wallMs: performance.now() - startedMs, cpuMs: ownCpuTimeMs() - startedCpuMs };
  for (const connection of open) connection.close();
  return {
    ...used,
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    statuses,
  };
}

// Others import this file for the shapes of its answers.
if (import.meta.main) {
  serveTasks({
    enter: async (input) => {
      const { keysFile, shoppers, prefix } = enterInput.parse(input);
      const issuer = createTokenIssuer(keysFile);
      const issue = (_: unknown, number: number) =>
        issuer.issue({
          subject: ownerId(`${prefix}-${number}`),
          role: 'shopper',
          ttlSeconds: TOKEN_TTL_SECONDS,
        });
      tokens.set(prefix, await Promise.all(Array.from({ length: shoppers }, issue)));
      return null;
    },
    wave: (input) => wave(waveInput.parse(input)),
  });
}
