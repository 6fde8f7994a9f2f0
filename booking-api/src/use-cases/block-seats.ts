import type { EventId } from '@holdfast/db/model';
import type { Blocked, BlockSeats } from '../contract/door.ts';
import type { RequestTrace } from '../edge/request-trace.ts';
import { announce, notifyEnded } from './announce.ts';
import { chooseSeats, refuseOtherChart } from './choose-seats.ts';
import { changedChart, outcomeOf, showBlocker } from './hold-outcome.ts';
import { type OpenEvent, openEvent } from './open-event.ts';
import {
  type OperatorParts,
  type OperatorResult,
  secondStep,
  UNSETTLED,
} from './operator-parts.ts';
import { settle } from './settle.ts';

export type BlockRequest<Body> = {
  readonly event: EventId;
  readonly body: Body;
  readonly trace: RequestTrace;
};
export type BlockResult = OperatorResult<{ readonly kind: 'blocked'; readonly blocked: Blocked }>;

/**
 * Takes seats out of sale: first Redis, where they could be held at any moment, then the catalogue.
 * A crash between the two leaves blocks that a reload forgets; the same request sent again stores
 * them, because it stores every seat it asked for that is not refused, changed or not.
 */
export async function blockSeats(
  parts: OperatorParts,
  request: BlockRequest<BlockSeats>,
): Promise<BlockResult> {
  const { event, body, trace } = request;
  const chosen = await chooseBlock(parts, event, body);
  if (chosen.kind === 'refused') return chosen;
  const { open, seats } = chosen;
  const { chartHash } = open.document;
  const command = {
    seats,
    chartHash,
    revokeHolds: body.revokeHolds ?? false,
    trail: { actor: 'operator', reason: 'block', ...trace },
  } as const;
  const { reply } = await settle(() => parts.store.block(event, command));
  if (reply === null) return UNSETTLED;
  announce(parts, event, reply);
  if (reply.outcome !== 'blocked') {
    const outcome = outcomeOf(parts, open, reply);
    return outcome.kind === 'refused' ? outcome : UNSETTLED;
  }
  const at = { nowMs: reply.nowMs, traceId: trace.traceId };
  notifyEnded(parts, 'hold.revoked', reply.ended, at);
  const stayed = new Set(reply.refused.map(({ seat }) => seat));
  const taken = seats.filter((seat) => !stayed.has(seat));
  const stored = await secondStep(parts, () =>
    parts.catalogue.addBlocks({ event, chartHash }, taken),
  );
  if (stored === 'failed') return UNSETTLED;
  // The chart was replaced in this very moment: the state that was blocked is being closed.
  if (stored === 'other-chart') return changedChart(parts, event);
  return {
    kind: 'blocked',
    blocked: {
      changed: reply.changed.map(open.chart.labelOf),
      refused: reply.refused.map((blocker) => {
        const { label, state } = showBlocker(open, blocker);
        return { label, state };
      }),
      revokedHolds: reply.ended.length,
      position: { ...reply.position },
    },
  };
}

/** The seats of an operator's list, on the chart that the operator has seen. */
export async function chooseBlock(
  parts: OperatorParts,
  event: EventId,
  body: { readonly seats: readonly string[]; readonly chartHash: string },
) {
  const open = await openEvent(parts, event, { seesDrafts: true });
  if (open.kind === 'refused') return open;
  const otherChart = refuseOtherChart(open, body.chartHash);
  if (otherChart !== null) return otherChart;
  const chosen = chooseSeats(open, body.seats, 'seats');
  if (chosen.kind === 'refused') return chosen;
  const block: ChosenBlock = { kind: 'block', open, seats: chosen.seats };
  return block;
}

type ChosenBlock = {
  readonly kind: 'block';
  readonly open: OpenEvent;
  readonly seats: readonly number[];
};
