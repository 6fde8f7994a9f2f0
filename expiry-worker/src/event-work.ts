import type { Catalogue } from '@holdfast/db/catalogue';
import { type Ambient, createClockViews, type HoldStore } from '@holdfast/db/model';
import type { Logger } from '@holdfast/infra/runtime';
import { type Announcer, announce } from './announce.ts';
import { tellLooks } from './confirming-looks.ts';
import { createDueTimers, type DueTimers } from './due-timers.ts';
import { createEventTurns, type EventTurns } from './event-turns.ts';
import type { LiveEvents } from './live-events.ts';
import { createLoadEvent, type LoadLock } from './load-event.ts';
import { createSweep } from './sweep.ts';
import type { TroubleLog } from './trouble-log.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** What a worker does to an event, each in turns of its own, and the timers that ask for it. */
export type EventWork = {
  readonly sweeps: EventTurns;
  readonly loads: EventTurns;
  readonly dueTimers: DueTimers;
};

export type EventWorkParts = {
  readonly store: HoldStore;
  readonly ambient: Ambient;
  readonly catalogue: Pick<Catalogue, 'readEvent' | 'listBlocks'>;
  readonly lock: LoadLock;
  readonly announcer: Announcer;
  readonly live: LiveEvents;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
  readonly onTrouble: TroubleLog;
};

const SWEEP_TURN_LIMIT_MS = 30_000;
const LOAD_TURN_LIMIT_MS = 60_000;
const BLOCK_OUTSIDE =
  'the catalogue blocks a seat that the chart does not have; remove the block and it loads';

export function createEventWork(parts: EventWorkParts): EventWork {
  const { store, ambient, metrics, onTrouble } = parts;
  const { timers } = ambient;
  const clocks = createClockViews(ambient.clock);
  const sweep = createSweep({
    ...{ ...parts, clocks },
    onSetAnew: (event) => dueTimers.meetAnew(event),
    onSwept: whatFollows(parts),
  });
  const loads = createLoads(parts);
  const sweeps: EventTurns = createEventTurns({
    timers,
    limitMs: SWEEP_TURN_LIMIT_MS,
    task: async (event) => {
      if (!dueTimers.isFamiliar(event)) return;
      await sweep(event);
      // The next deadline may lie before the next look at all events.
      await dueTimers.peek([event]);
    },
    onTrouble: (event, error) => onTrouble('sweeping', error, event),
  });
  const dueTimers = createDueTimers({
    ...{ store, ambient, clocks },
    onDue: (event) => {
      metrics.hinted('timer');
      sweeps.ask(event);
    },
    onClosed: loads.ask,
  });
  return { sweeps, loads, dueTimers };
}

function whatFollows({
  announcer,
  logger,
}: EventWorkParts): Parameters<typeof createSweep>[0]['onSwept'] {
  const takeLooks = tellLooks(logger);
  return (event, swept) => {
    announce(announcer, event, swept);
    takeLooks(event, swept.looks);
  };
}

function createLoads(parts: EventWorkParts): EventTurns {
  const { ambient, live, metrics, onTrouble } = parts;
  const loadEvent = createLoadEvent({ ...parts, random: ambient.random });
  return createEventTurns({
    timers: ambient.timers,
    limitMs: LOAD_TURN_LIMIT_MS,
    task: async (event) => {
      const end = await loadEvent(event);
      metrics.loaded(end);
      if (end === 'unknown') live.drop(event);
      if (end === 'refused') throw new Error(BLOCK_OUTSIDE);
    },
    onTrouble: (event, error) => onTrouble('loading', error, event),
  });
}
