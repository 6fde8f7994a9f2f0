import { eventId, type HoldStore } from '@holdfast/db/model';
import { createRedisHoldStore } from '@holdfast/db/redis';
import { createLogger, openRedis, openSubscribers, realAmbient } from '@holdfast/infra/runtime';
import { createEmitter, type Emitter } from '@holdfast/realtime-hub/emitter';
import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';
import { writeOtherKeys } from '../other-keys.ts';
import { paced } from '../paced.ts';
import { placeCommand } from '../placing.ts';

/** Places holds evenly over a second, as an API would, so that they are due within a second. */
const openInput = z.object({ redisUrl: z.string(), otherKeys: z.number().int() });
const placeInput = z.object({
  event: z.string(),
  chartHash: z.string(),
  holds: z.number().int(),
  /** Hold n is of seat n * stride, so that all of the venue is concerned. */
  stride: z.number().int(),
  spanMs: z.number(),
});
export const placedOutput = z.object({
  /** [seat, deadline by the clock of Redis] of each hold. */
  deadlines: z.array(z.tuple([z.number(), z.number()])),
  spanMs: z.number(),
});

let open: { readonly store: HoldStore; readonly emitter: Emitter } | undefined;

async function place(plan: z.output<typeof placeInput>): Promise<z.output<typeof placedOutput>> {
  if (open === undefined) throw new Error('open first');
  const { store, emitter } = open;
  const event = eventId(plan.event);
  const deadlines: [number, number][] = [];
  await paced(plan.holds, plan.spanMs, async (number) => {
    const seat = number * plan.stride;
    const command = placeCommand(event, number, { seat, chartHash: plan.chartHash });
    const reply = await store.place(event, command);
    if (reply.outcome !== 'placed') throw new Error(`a hold was ${reply.outcome}`);
    emitter.publish(event, reply.position.epoch, reply.entries);
    deadlines.push([seat, reply.hold.deadlineMs]);
  });
  const dueMs = deadlines.map(([, deadlineMs]) => deadlineMs).sort((a, b) => a - b);
  return { deadlines, spanMs: (dueMs.at(-1) ?? 0) - (dueMs[0] ?? 0) };
}

// Others import this file for the shapes of its answers.
if (import.meta.main) {
  serveTasks({
    open: async (input) => {
      const { redisUrl, otherKeys } = openInput.parse(input);
      const logger = createLogger('bench', 'silent');
      const redis = await openRedis(redisUrl, { name: 'bench', role: 'commands', logger });
      const subscribers = await openSubscribers(redisUrl, redis, { name: 'bench-news', logger });
      await writeOtherKeys(redis, otherKeys);
      const emitter = createEmitter({
        publisher: redis,
        subscribers,
        ambient: realAmbient(),
        logger,
      });
      open = { store: createRedisHoldStore({ redis }), emitter };
      return null;
    },
    place: (input) => place(placeInput.parse(input)),
  });
}
