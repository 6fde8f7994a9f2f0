import type { Catalogue } from '@holdfast/db/catalogue';
import type { HoldStore, ModelHoldStore, OwnerId } from '@holdfast/db/model';
import { ownerId } from '@holdfast/db/model';
import type { ExpiryWorker } from '@holdfast/expiry-worker/testing';
import type { ViewerTransport } from '@holdfast/realtime-hub/viewer';
import { createBusyCatalogue } from './busy-catalogue.ts';
import { createMessageBus } from './message-bus.ts';
import { createRefusalCheck, type RefusalCheck } from './refusal-check.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';
import type { Show } from './show.ts';
import { bootApi, type SimulatedApi } from './simulated-api.ts';
import { createSimulatedCaller } from './simulated-callers.ts';
import { bootHub, type SimulatedHub } from './simulated-hub.ts';
import { Life } from './simulated-process.ts';
import { SimulatedShopper } from './simulated-shopper.ts';
import { createSimulatedStore, type SimulatedStore } from './simulated-store.ts';
import { openSimulatedViewer, type SimulatedViewer } from './simulated-viewer.ts';
import { bootWorker } from './simulated-worker.ts';
import type { World } from './world.ts';

/** Defects that a test puts in, to see that the judge finds them. None is ever in shipped code. */
export type Defects = {
  readonly store?: (model: ModelHoldStore) => HoldStore;
  /** Between an API and its connection to the store. */
  readonly api?: (store: HoldStore) => HoldStore;
  readonly delta?: (message: string) => string;
  readonly transport?: (transport: ViewerTransport) => ViewerTransport;
};

/** Everything that runs in an episode: the processes of ours and the people before them. */
export type Installation = {
  readonly store: SimulatedStore;
  readonly apis: readonly ServerProcess<SimulatedApi>[];
  readonly hubs: readonly ServerProcess<SimulatedHub>[];
  readonly workers: readonly ServerProcess<ExpiryWorker>[];
  readonly viewers: readonly SimulatedViewer[];
  readonly shoppers: readonly SimulatedShopper[];
  /** The clock and chance of people. */
  readonly people: Life;
  callerOf(owner: OwnerId, role: 'shopper' | 'operator'): ReturnType<typeof createSimulatedCaller>;
};

export type InstallationParts = {
  readonly show: Show;
  readonly catalogue: Catalogue;
  readonly defects: Defects;
  readonly violate: (code: string, sentence: string) => void;
  readonly count: (name: string, outcome: string) => void;
};

/** Builds everything; nothing runs before `start` of the processes. */
export function installAll(world: World, parts: InstallationParts): Installation {
  const { show, defects } = parts;
  const { event } = show;
  const refusals = createRefusalCheck(parts.violate);
  const { violate } = parts;
  const store = createSimulatedStore(world, { event, spoil: defects.store, refusals, violate });
  const { apis, hubs, workers } = createServers(world, { ...parts, refusals }, store);
  const people = new Life(world, 'people', 1);
  const callerOf: Installation['callerOf'] = (owner, role) =>
    createSimulatedCaller({ world, life: people, apis, caller: { owner, role }, ...parts });
  const shoppers = named('shopper', world.climate.shoppers).map(
    (name) =>
      new SimulatedShopper({
        ...{ name, show, thinkMs: world.climate.thinkMs },
        life: new Life(world, name, 1),
        caller: callerOf(ownerId(name), 'shopper'),
      }),
  );
  // Some of the shoppers have the page open; its private notices are part of what they were told.
  const viewers = named('viewer', world.climate.viewers).map((name, at) =>
    openSimulatedViewer({
      ...{ world, name, show, hubs },
      owner: ownerId(`shopper-${at}`),
      spoil: defects.transport,
      onNotice: (notice) => shoppers[at]?.journal.hear(notice),
    }),
  );
  return { store, apis, hubs, workers, viewers, shoppers, people, callerOf };
}

function createServers(
  world: World,
  parts: InstallationParts & { readonly refusals: RefusalCheck },
  store: SimulatedStore,
) {
  const { climate } = world;
  const { defects, violate, refusals } = parts;
  const catalogue = createBusyCatalogue(world, parts.catalogue);
  const bus = createMessageBus(world, { isUp: () => store.isUp, spoil: defects.delta });
  const shared = { world, store, bus };
  const onFault = (error: unknown): void => {
    violate('api.fault', `An API answered server.fault: ${describe(error)}`);
  };
  const checkRepairs = (name: string, { reader }: SimulatedApi | SimulatedHub): void => {
    const { repairs } = reader.counters;
    if (repairs === 0) return;
    violate('reader.repairs', `${name} had ${repairs} seats wrong without noticing by itself.`);
  };
  const apis = named('api', climate.apis).map((name) =>
    createServerProcess<SimulatedApi>({
      ...{ ...shared, name },
      boot: (life) => {
        const spoilt = { ...life, store: defects.api?.(life.store) ?? life.store };
        return bootApi(world, spoilt, { catalogue, onFault, refusals });
      },
      onCrash: (api) => {
        for (const lost of api.inFlight) lost();
        checkRepairs(name, api);
      },
    }),
  );
  const hubs = named('hub', climate.hubs).map((name) =>
    createServerProcess<SimulatedHub>({
      ...{ ...shared, name },
      boot: (life) => bootHub(life, catalogue),
      onCrash: (hub) => {
        for (const { connection } of hub.sessions) connection.broken();
        checkRepairs(name, hub);
      },
    }),
  );
  const workers = named('worker', climate.workers).map((name) =>
    createServerProcess<ExpiryWorker>({
      ...{ ...shared, name },
      boot: (life) => bootWorker(world, life, { store, catalogue }),
    }),
  );
  return { apis, hubs, workers };
}

function named(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${kind}-${at}`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
