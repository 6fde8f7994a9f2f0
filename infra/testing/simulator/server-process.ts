import type { HoldStore } from '@holdfast/db/model';
import type { LiveEvents } from '@holdfast/db/redis';
import type { BusListener, BusPort, MessageBus } from './message-bus.ts';
import { createRemoteStore, type ProcessSwitches } from './remote-store.ts';
import { Life } from './simulated-process.ts';
import type { SimulatedStore } from './simulated-store.ts';
import { StoreLink } from './store-link.ts';
import { markNotices } from './told-entries.ts';
import type { World } from './world.ts';

/** What a service is built from in each of its lives. */
export type LifeParts = {
  readonly life: Life;
  readonly link: StoreLink;
  readonly store: HoldStore;
  /** `events:live`, over the same connection. */
  readonly hints: LiveEvents;
  joinBus(hear: BusListener): BusPort;
};

export type Running<Service> = {
  readonly life: Life;
  readonly link: StoreLink;
  readonly bus: BusPort;
  readonly switches: ProcessSwitches;
  readonly service: Service;
};

/** A process of ours that crashes and is started again; each life begins with nothing. */
export type ServerProcess<Service> = {
  readonly name: string;
  /** Null while it is down. */
  readonly running: Running<Service> | null;
  start(): void;
  crash(): void;
};

export type ServerPlan<Service> = {
  readonly world: World;
  readonly store: SimulatedStore;
  readonly bus: MessageBus;
  readonly name: string;
  boot(parts: LifeParts): Service;
  /** The life is over; what it showed to others can still be read. */
  readonly onCrash?: (service: Service) => void;
};

export function createServerProcess<Service>(plan: ServerPlan<Service>): ServerProcess<Service> {
  const { world, store, name } = plan;
  let lives = 0;
  let running: Running<Service> | null = null;

  const start = (): void => {
    lives += 1;
    const life = new Life(world, name, lives);
    const link = new StoreLink(world, life, store);
    const switches = { looksFail: false, drains: false };
    let bus: BusPort | undefined;
    const service = plan.boot({
      life,
      link,
      store: createRemoteStore(store, link, switches),
      hints: {
        add: (event) => link.call('hint', async () => void store.hints.add(event)),
        list: () => link.call('hints', async () => [...store.hints]),
      },
      joinBus: (hear) => {
        bus = markNotices(plan.bus.join(life, hear), () => link.heard);
        return bus;
      },
    });
    bus ??= plan.bus.join(life, {});
    running = { life, link, bus, switches, service };
    world.trace.note(name, 'starts');
  };
  return {
    name,
    get running() {
      return running;
    },
    start,
    crash: () => {
      if (running === null) return;
      const { life, service } = running;
      running = null;
      life.end();
      world.trace.note(name, 'crashes');
      plan.onCrash?.(service);
    },
  };
}
