import type { Catalogue } from '@holdfast/db/catalogue';
import type { Ambient, EventId, HoldStore } from '@holdfast/db/model';
import type { LiveEvents as LiveEventHints } from '@holdfast/db/redis';
import type { Logger, Registry, Service } from '@holdfast/infra/runtime';
import type { Announcer } from './announce.ts';
import { createArchiveFeed } from './archive-feed.ts';
import { createEventLooks } from './event-looks.ts';
import { createEventWork } from './event-work.ts';
import {
  createKeyspaceNotices,
  type KeyspaceNotices,
  type NoticeSubscribers,
} from './keyspace-notices.ts';
import { createLiveEventList } from './live-events.ts';
import type { LoadLock } from './load-event.ts';
import { createReconcileSale } from './reconcile-sale.ts';
import { createTroubleLog } from './trouble-log.ts';
import { createUpkeep } from './upkeep.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

/** What a worker is built from; whoever opened the connections closes them after `stop`. */
export type ExpiryWorkerDeps = {
  readonly store: HoldStore;
  readonly ambient: Ambient;
  readonly catalogue: Catalogue;
  readonly hints: LiveEventHints;
  readonly lock: LoadLock;
  readonly announcer: Announcer;
  /** null where Redis sends no keyspace notices: the timers alone are enough. */
  readonly subscribers: NoticeSubscribers | null;
  readonly logger: Logger;
  readonly registry: Registry;
};

export type ExpiryWorker = Service & { isReady(): boolean };

/**
 * The worker: triggers ask, turns serialise, `sweep` judges. It keeps nothing that another worker,
 * or itself after a crash, could not learn anew; so any number of them may run side by side.
 */
export function createExpiryWorker(deps: ExpiryWorkerDeps): ExpiryWorker {
  const { ambient, logger, store, catalogue } = deps;
  const metrics = createWorkerMetrics(deps.registry);
  const onTrouble = createTroubleLog({ clock: ambient.clock, logger, metrics });
  const live = createLiveEventList(deps);
  const { sweeps, loads, dueTimers } = createEventWork({ ...deps, live, metrics, onTrouble });
  const looks = createEventLooks({ ambient, live, dueTimers, metrics, onTrouble });
  const archiveFeed = createArchiveFeed({ store, catalogue, logger });
  const reconcileSale = createReconcileSale({ store, catalogue, logger, onOtherChart: loads.ask });
  const upkeep = createUpkeep({ store, ambient, live, archiveFeed, reconcileSale, onTrouble });
  const notices = noticesOf(deps, {
    onDue: (event) => {
      metrics.hinted('notice');
      sweeps.ask(event);
    },
    onSubscribed: () => {
      for (const event of live.list()) {
        metrics.hinted('subscribed');
        sweeps.ask(event);
      }
    },
    onTrouble: (error) => onTrouble('subscribing to notices', error),
  });
  const stopTriggers = async (): Promise<void> => {
    await Promise.all([looks.stop(), upkeep.stop(), notices?.stop()]);
  };
  return {
    isReady: looks.isReady,
    run: async () => {
      await live.unite().catch((error: unknown) => onTrouble('listing events', error));
      notices?.start();
      upkeep.start();
      await looks.start();
    },
    drain: async () => {
      await Promise.all([stopTriggers(), sweeps.drain(), loads.drain()]);
    },
    stop: stopTriggers,
  };
}

type NoticeHandlers = {
  readonly onDue: (event: EventId) => void;
  readonly onSubscribed: () => void;
  readonly onTrouble: (error: unknown) => void;
};

function noticesOf(
  { subscribers, ambient }: ExpiryWorkerDeps,
  handlers: NoticeHandlers,
): KeyspaceNotices | null {
  if (subscribers === null) return null;
  return createKeyspaceNotices({ subscribers, timers: ambient.timers, ...handlers });
}
