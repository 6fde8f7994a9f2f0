import type { EventDocument } from '@holdfast/db/model';
import { fillPath, PATHS } from '../contract/door.ts';
import type { Handlers } from '../edge/call.ts';
import { retryAfter } from '../edge/retry-after.ts';
import { blockSeats } from '../use-cases/block-seats.ts';
import { changeSale } from '../use-cases/change-sale.ts';
import { countSeats } from '../use-cases/count-seats.ts';
import { createEvent } from '../use-cases/create-event.ts';
import type { OperatorParts, UnsettledChange } from '../use-cases/operator-parts.ts';
import { replaceChart } from '../use-cases/replace-chart.ts';
import { revokeHold } from '../use-cases/revoke-hold.ts';
import { unblockSeats } from '../use-cases/unblock-seats.ts';
import { eventEtag, showEvent } from './event-routes.ts';
import { found } from './hold-routes.ts';

type OperatorRouteName =
  | 'createEvent'
  | 'replaceChart'
  | 'blockSeats'
  | 'unblockSeats'
  | 'changeSale'
  | 'revokeHold'
  | 'readStats';

export function operatorRoutes(parts: OperatorParts): Pick<Handlers, OperatorRouteName> {
  return {
    createEvent: async ({ body }) => {
      const result = await createEvent(parts, body);
      if (result.kind === 'refused') return result;
      const { document } = result;
      const Location = fillPath(PATHS.readEvent.path, { event: document.id });
      const headers = { ETag: eventEtag(document), Location };
      return { status: 201, body: showEvent(document), headers };
    },
    replaceChart: async ({ params, body, conditions }) => {
      const version = conditions.ifMatch;
      const result = await replaceChart(parts, { event: params.event, version, body });
      return result.kind === 'refused' ? result : changed(result.document);
    },
    changeSale: async ({ params, body, conditions }) => {
      const version = conditions.ifMatch;
      const request = { event: params.event, version, next: body.next };
      const result = await changeSale(parts, request);
      if (result.kind === 'refused') return result;
      return result.kind === 'unsettled' ? unsettled(result) : changed(result.document);
    },
    blockSeats: async ({ params, body, trace }) => {
      const result = await blockSeats(parts, { event: params.event, body, trace });
      if (result.kind === 'refused') return result;
      if (result.kind === 'unsettled') return unsettled(result);
      return { status: 200, body: result.blocked };
    },
    unblockSeats: async ({ params, body, trace }) => {
      const result = await unblockSeats(parts, { event: params.event, body, trace });
      if (result.kind === 'refused') return result;
      if (result.kind === 'unsettled') return unsettled(result);
      return { status: 200, body: result.blocked };
    },
    revokeHold: async ({ params, trace }) => {
      const { event, hold } = params;
      const result = await revokeHold(parts, { event, hold, trace });
      if (result.kind === 'refused') return result;
      return result.kind === 'unsettled' ? unsettled(result) : found(result.hold);
    },
    readStats: async ({ params }) => {
      const result = await countSeats(parts, params.event);
      return result.kind === 'refused' ? result : { status: 200, body: result.stats };
    },
  };
}

function changed(document: EventDocument) {
  const headers = { ETag: eventEtag(document) };
  return { status: 200, body: showEvent(document), headers } as const;
}

function unsettled({ status, retryAfterMs }: UnsettledChange) {
  const headers = { 'Retry-After': retryAfter(retryAfterMs) };
  return { status: 202, body: { status, retryAfterMs }, headers } as const;
}
