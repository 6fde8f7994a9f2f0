import { type EventId, eventId, type FeedEntry, type HoldStore } from '@holdfast/db/model';
import { createRedisHoldStore } from '@holdfast/db/redis';
import { createLogger, openRedis, openSubscribers, realAmbient } from '@holdfast/infra/runtime';
import { createEmitter, type Emitter } from '@holdfast/realtime-hub/emitter';
import { z } from 'zod';
import { serveTasks } from '../../harness/child-tasks.ts';
import { paced } from '../paced.ts';
import { numberedHold, placeCommand } from '../placing.ts';

/** Changes seats at a steady rate the way an API does: script, then news to the hubs. */
const openInput = z.object({ redisUrl: z.string(), event: z.string(), chartHash: z.string() });
const writeInput = z.object({
  perSecond: z.number(),
  seconds: z.number(),
  firstSeat: z.number().int(),
});

export const writeOutput = z.object({
  /** Where the feed was after the last change. */
  offset: z.number(),
  /** [seat, state after, Redis ms] of each change, in order. */
  changes: z.array(z.tuple([z.number(), z.number(), z.number()])),
  lateMs: z.number(),
});
type Change = z.output<typeof writeOutput>['changes'][number];

type Open = {
  readonly store: HoldStore;
  readonly emitter: Emitter;
  readonly event: EventId;
  readonly chartHash: string;
};
let open: Open | undefined;

/** A seat stays held for this many further changes: longer than any frame waits, so both are seen. */
const HELD_CHANGES = 400;
const SECOND_MS = 1_000;

/** Places and releases in turn, every seat once, so that a change is known by its seat and state. */
async function write(plan: z.output<typeof writeInput>): Promise<z.output<typeof writeOutput>> {
  if (open === undefined) throw new Error('open first');
  const { store, emitter, event, chartHash } = open;
  const { perSecond, seconds, firstSeat } = plan;
  const changes: Change[] = [];
  let offset = 0;
  let [placed, released] = [0, 0];
  const tell = (
    epoch: string,
    entries: readonly FeedEntry[],
    seat: number,
    state: number,
    nowMs: number,
  ) => {
    emitter.publish(event, epoch, entries);
    changes.push([seat, state, nowMs]);
    offset = Math.max(offset, entries.at(-1)?.offset ?? 0);
  };
  const { lateMs } = await paced(perSecond * seconds, seconds * SECOND_MS, async () => {
    const releases = placed - released > HELD_CHANGES;
    const seat = firstSeat + (releases ? released++ : placed++);
    const command = placeCommand(event, seat, { seat, chartHash });
    const { owner, trail } = command;
    const reply = releases
      ? await store.release(event, { holdId: numberedHold(event, seat), owner, rev: null, trail })
      : await store.place(event, command);
    if (reply.outcome !== 'placed' && reply.outcome !== 'released') throw new Error(reply.outcome);
    tell(reply.position.epoch, reply.entries, seat, releases ? 0 : 1, reply.nowMs);
  });
  return { offset, changes, lateMs };
}

// Others import this file for the shapes of its answers.
if (import.meta.main) {
  serveTasks({
    open: async (input) => {
      const { redisUrl, event, chartHash } = openInput.parse(input);
      const logger = createLogger('bench', 'silent');
      const publisher = await openRedis(redisUrl, { name: 'bench', role: 'commands', logger });
      const subscribers = await openSubscribers(redisUrl, publisher, {
        name: 'bench-news',
        logger,
      });
      const emitter = createEmitter({ publisher, subscribers, ambient: realAmbient(), logger });
      const store = createRedisHoldStore({ redis: publisher });
      open = { store, emitter, event: eventId(event), chartHash };
      return null;
    },
    write: (input) => write(writeInput.parse(input)),
  });
}
