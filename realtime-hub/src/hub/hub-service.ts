import type { Catalogue } from '@holdfast/db/catalogue';
import type { Ambient, EventId, HoldStore } from '@holdfast/db/model';
import type { Logger, Registry, Service, TokenVerifier } from '@holdfast/infra/runtime';
import type { BusClients } from '../bus/bus-clients.ts';
import type { AdmissionRules } from './admission.ts';
import { createChartSections } from './chart-sections.ts';
import { createHoldRollCall } from './hold-roll-call.ts';
import { HubEvents } from './hub-events.ts';
import { createHubMetrics, type HubMetrics } from './hub-metrics.ts';
import { HubServer } from './hub-server.ts';
import { createKnownEvents } from './known-events.ts';

export type HubParts = {
  readonly store: HoldStore;
  readonly catalogue: Pick<Catalogue, 'readChartText' | 'readEvent'>;
  readonly bus: BusClients;
  readonly verifier: TokenVerifier;
  readonly ambient: Ambient;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly rules: AdmissionRules;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** An event without open state was met: the worker should hear of it. */
  readonly onLoading: (event: EventId) => void;
};

/** A hub: sockets in front, projections behind, channels between them. */
export type Hub = Service & {
  /** 0 until `run` has resolved. */
  readonly port: number;
};

export function createHub(parts: HubParts): Hub {
  const { store, catalogue, ambient, logger, registry } = parts;
  const server = new HubServer({
    ...parts,
    isKnownEvent: createKnownEvents(catalogue, ambient.clock),
  });
  // The metrics read the reader's counters, and the sink counts what it sends: each needs the other.
  const metrics: HubMetrics = createHubMetrics(
    registry,
    () => events.reader,
    () => ambient.clock.monotonicMs(),
  );
  const events = new HubEvents({
    store,
    ambient,
    sectionsOf: createChartSections(catalogue),
    sink: server.sink(() => metrics),
    onLoading: parts.onLoading,
    onFailure: (err) => logger.warn({ err }, 'the store did not answer; asking again'),
  });
  const rollCall = createHoldRollCall({
    store,
    ambient,
    onFailure: (err) => logger.warn({ err }, 'holds could not be looked up; asking again'),
  });
  let port = 0;
  return {
    get port() {
      return port;
    },
    run: async () => {
      port = await server.listen(parts.host, parts.port, { events, metrics, rollCall });
    },
    drain: () => server.drain(),
    stop: async () => {
      rollCall.stop();
      events.stop();
      await server.stop();
    },
  };
}
