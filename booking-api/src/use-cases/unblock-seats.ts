import type { UnblockSeats } from '../contract/door.ts';
import { announce } from './announce.ts';
import { type BlockRequest, type BlockResult, chooseBlock } from './block-seats.ts';
import { changedChart } from './hold-outcome.ts';
import { loadingEvent } from './open-event.ts';
import { type OperatorParts, UNSETTLED } from './operator-parts.ts';
import { settle } from './settle.ts';

/**
 * Puts blocked seats back on sale: first the catalogue, then Redis. A crash between the two leaves
 * seats that nobody can hold for a while; the other order could sell seats that a reload blocks.
 */
export async function unblockSeats(
  parts: OperatorParts,
  request: BlockRequest<UnblockSeats>,
): Promise<BlockResult> {
  const { event, body, trace } = request;
  const chosen = await chooseBlock(parts, event, body);
  if (chosen.kind === 'refused') return chosen;
  const { open, seats } = chosen;
  const { chartHash } = open.document;
  const removed = await parts.catalogue.removeBlocks({ event, chartHash }, seats);
  if (removed === 'other-chart') return changedChart(parts, event);
  const command = {
    seats,
    chartHash,
    trail: { actor: 'operator', reason: 'unblock', ...trace },
  } as const;
  const reply = await unblock(parts, event, command);
  if (reply === null) return UNSETTLED;
  announce(parts, event, reply);
  if (reply.outcome !== 'unblocked') {
    // The catalogue has changed, so this cannot be told as a refusal; a load will read it.
    if (reply.outcome === 'event.loading') loadingEvent(parts, event);
    return UNSETTLED;
  }
  return {
    kind: 'blocked',
    blocked: {
      changed: reply.changed.map(open.chart.labelOf),
      refused: [],
      revokedHolds: 0,
      position: { ...reply.position },
    },
  };
}

/** Null when Redis could not be told: the catalogue has changed, so nothing is refused any more. */
async function unblock(
  parts: OperatorParts,
  event: BlockRequest<UnblockSeats>['event'],
  command: Parameters<OperatorParts['store']['unblock']>[1],
) {
  try {
    return (await settle(() => parts.store.unblock(event, command))).reply;
  } catch (error) {
    parts.logger.warn({ err: error, event }, 'unblocked seats could not be freed');
    return null;
  }
}
