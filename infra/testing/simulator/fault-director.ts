import { countFault, type EventFault } from './faults.ts';
import type { Installation } from './installation.ts';
import { seededChance } from './seeded-chance.ts';
import type { Running, ServerProcess } from './server-process.ts';
import type { World } from './world.ts';

/** Brings about what goes wrong at an instant, as often as the climate has it. */
export type FaultDirector = {
  start(): void;
  /** No new trouble; what is off comes on again, what stands still or is away comes back in time. */
  end(): void;
};

type Deed = () => boolean;

/** A process that was told to drain is ended after so long. */
const DRAIN_LIMIT_MS = 10_000;
/** A store that saves itself has lost this much when it comes back from its last save. */
const SAVE_EVERY_MS = { least: 500, most: 8_000 } as const;
/**
 * Nobody can notice a jump who has not watched the clock before: a worker has, and it was this life's
 * clock. Two jumps within a second of each other pass for one.
 */
const WATCHED_MS = 6_000;
const JUMPS_MS = [61_000, -661_000, 3_100, -3_100, 15_000, -15_000] as const;

export function createFaultDirector(world: World, all: Installation): FaultDirector {
  const { time, climate, tally, trace } = world;
  const chance = seededChance(world.seed, 'faults');
  const deeds: Readonly<Record<EventFault, Deed>> = {
    ...storeDeeds(world, all, chance),
    ...processDeeds(world, all, chance),
    ...viewerDeeds(all, chance),
  };
  let over = false;

  const next = (): void => {
    time.after(climate.faultEveryMs * chance.between(0.2, 1.8), () => {
      if (over) return;
      const fault = chance.pick(climate.eventFaults);
      if (fault !== undefined && deeds[fault]()) {
        countFault(tally, fault);
        trace.note('fault', fault);
      }
      next();
    });
  };
  const save = (): void => {
    time.after(chance.between(SAVE_EVERY_MS.least, SAVE_EVERY_MS.most), () => {
      if (over) return;
      if (all.store.isUp && all.store.history.settled) all.store.history.remember();
      save();
    });
  };
  return {
    start: () => {
      next();
      if (climate.eventFaults.includes('store went back')) save();
    },
    end: () => {
      over = true;
      all.store.alarms.turn(climate.alarms);
      for (const { running } of all.workers)
        if (running !== null) running.switches.looksFail = false;
    },
  };
}

type Chance = ReturnType<typeof seededChance>;
type StoreFault = Extract<EventFault, `store ${'away' | 'went back' | 'emptied' | 'clock jumped'}`>;

function storeDeeds(
  { time, climate }: World,
  { store, workers }: Installation,
  chance: Chance,
): Record<StoreFault | 'feed trimmed' | 'alarms off', Deed> {
  const restart = (data: 'all' | 'older' | 'none'): boolean => {
    if (!store.isUp || !store.history.settled) return false;
    if (data === 'older' && !store.history.hasMemory) return false;
    store.restart(chance.between(50, 3_000), data);
    return true;
  };
  return {
    'store away': () => restart('all'),
    'store went back': () => restart('older'),
    'store emptied': () => restart('none'),
    'store clock jumped': () => {
      const isWatched = workers.some(
        ({ running }) =>
          running !== null &&
          running.life.ageMs > WATCHED_MS &&
          !(running.switches.looksFail || running.switches.drains),
      );
      const isSteady = time.nowMs - store.history.steadySinceMs > WATCHED_MS;
      if (!isWatched || !isSteady || !store.history.settled || !store.isUp) return false;
      store.jumpClock(chance.pick(JUMPS_MS) ?? 0);
      return true;
    },
    'feed trimmed': () => {
      store.trimFeed(chance.below(6));
      return true;
    },
    'alarms off': () => {
      store.alarms.turn(false);
      time.after(chance.between(5_000, 60_000), () => store.alarms.turn(climate.alarms));
      return true;
    },
  };
}

type ProcessFault = Extract<
  EventFault,
  `store link ${string}` | `process ${string}` | 'worker replaced' | 'bus cut' | 'looks failing'
>;

function processDeeds(
  { time }: World,
  all: Installation,
  chance: Chance,
): Record<ProcessFault, Deed> {
  const servers: readonly ServerProcess<unknown>[] = [...all.apis, ...all.hubs, ...all.workers];
  const isWorker = (server: ServerProcess<unknown>): boolean =>
    all.workers.some((worker) => worker === server);
  /** Of a jump of the clock only memory tells: those who have seen it stay until it is settled. */
  const to = (
    server: ServerProcess<unknown> | undefined,
    deed: (running: Running<unknown>) => void,
  ) => {
    if (server?.running == null) return false;
    if (isWorker(server) && !all.store.history.settled) return false;
    deed(server.running);
    return true;
  };
  const some = (): ServerProcess<unknown> | undefined => chance.pick(servers);
  return {
    'store link cut': () => to(some(), ({ link }) => link.cut(chance.between(20, 4_000))),
    'store link stalled': () => to(some(), ({ link }) => link.stall(chance.between(300, 6_000))),
    'process paused': () => to(some(), ({ life }) => life.standStill(chance.between(200, 12_000))),
    'process crashed': () => {
      const server = some();
      return to(server, () => {
        server?.crash();
        time.after(chance.between(100, 6_000), () => server?.start());
      });
    },
    'worker replaced': () => {
      const worker = chance.pick(all.workers);
      return to(worker, ({ switches }) => {
        const { service, life } = worker?.running ?? {};
        switches.drains = true;
        void service?.drain?.().then(() => service.stop());
        time.after(DRAIN_LIMIT_MS, () => {
          if (life?.ended !== false) return;
          worker?.crash();
          worker?.start();
        });
      });
    },
    'bus cut': () => to(some(), ({ bus }) => bus.cut(chance.between(300, 8_000))),
    'looks failing': () =>
      to(chance.pick(all.workers), ({ switches }) => {
        switches.looksFail = true;
        time.after(chance.between(2_000, 20_000), () => {
          switches.looksFail = false;
        });
      }),
  };
}

function viewerDeeds(
  { viewers }: Installation,
  chance: Chance,
): Record<Extract<EventFault, `viewer ${string}`>, Deed> {
  const to = (deed: (viewer: Installation['viewers'][number]) => void): boolean => {
    const viewer = chance.pick(viewers);
    if (viewer === undefined) return false;
    deed(viewer);
    return true;
  };
  return {
    'viewer disconnected': () => to(({ link }) => link.disconnect()),
    'viewer half open': () => to(({ link }) => link.die()),
    'viewer asleep': () => to(({ life }) => life.standStill(chance.between(2_000, 50_000))),
  };
}
