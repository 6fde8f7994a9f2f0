import type { EventDocument } from '@holdfast/db/model';
import { CHART_HEADER, type Event } from '../contract/door.ts';
import type { Caller } from '../edge/access.ts';
import type { Handlers } from '../edge/call.ts';
import { hasTag } from '../edge/conditions.ts';
import { refuse } from '../edge/refusal.ts';
import type { HoldParts } from '../use-cases/hold-parts.ts';
import { openEvent } from '../use-cases/open-event.ts';

/** Under its hash a chart never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Kept, but asked for again each time. */
const ASK_AGAIN = 'no-cache';

export function eventRoutes(
  parts: HoldParts,
): Pick<Handlers, 'listEvents' | 'readEvent' | 'readChart'> {
  return {
    listEvents: async ({ caller }) => {
      const documents = await parts.events.list();
      const shown = documents.filter(({ sale }) => sale !== 'draft' || seesDrafts(caller));
      return { status: 200, body: { events: shown.map(showEvent) } };
    },
    readEvent: async ({ params, caller, conditions }) => {
      const open = await openEvent(parts, params.event, { seesDrafts: seesDrafts(caller) });
      if (open.kind === 'refused') return open;
      const headers = { ETag: eventEtag(open.document), 'Cache-Control': ASK_AGAIN };
      if (hasTag(conditions, headers.ETag)) {
        return { status: 304, body: null, headers };
      }
      return { status: 200, body: showEvent(open.document), headers };
    },
    readChart: async ({ params, query, caller, conditions }) => {
      const open = await openEvent(parts, params.event, { seesDrafts: seesDrafts(caller) });
      if (open.kind === 'refused') return open;
      const { hash, body } = open.chart;
      const asked = query['hash'];
      if (asked !== undefined && asked !== hash) {
        return refuse('chart.unknown', 'The event has another chart now.');
      }
      const headers = {
        'Cache-Control': asked === undefined ? ASK_AGAIN : FOR_EVER,
        [CHART_HEADER]: hash,
      };
      return { status: hasTag(conditions, body.etag) ? 304 : 200, encoded: body, headers };
    },
  };
}

export function seesDrafts(caller: Caller | null): boolean {
  return caller?.role === 'operator';
}

export function showEvent(document: EventDocument): Event {
  const { id, name, venue, startsAt, chartHash, seatCount, sale, policy, version } = document;
  return { id, name, venue, startsAt, chartHash, seatCount, sale, policy: { ...policy }, version };
}

export function eventEtag({ version }: EventDocument): string {
  return `"${version}"`;
}
