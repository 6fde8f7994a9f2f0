import type { HoldId, Stamp } from '@holdfast/db/model';
import type { RequestTrace } from '../edge/request-trace.ts';
import { announce, notifyEnded } from './announce.ts';
import type { HoldParts } from './hold-parts.ts';
import type { OpenEvent } from './open-event.ts';
import type { Settled } from './settle.ts';

type MayBeOverdue = Stamp &
  (
    | { readonly outcome: 'seats.overdue'; readonly overdue: readonly HoldId[] }
    | { outcome: string }
  );

/**
 * Runs a transition and, where only overdue holds stand in its way, ends exactly these and runs it
 * once more. A shopper does not wait for the worker, and no transition ends another's hold by itself.
 * By a clock that this process has not watched for long enough nothing is ended: the worker will.
 */
export async function pastOverdue<Reply extends MayBeOverdue>(
  parts: HoldParts,
  open: OpenEvent,
  trace: RequestTrace,
  attempt: () => Promise<Settled<Reply>>,
): Promise<Settled<Reply>> {
  const first = await attempt();
  const overdue = first.reply === null ? [] : overdueHolds(first.reply);
  if (first.reply === null || overdue.length === 0) return first;
  const event = open.document.id;
  const seen = parts.clocks.seen(event);
  if (seen === null) return first;
  const swept = await parts.store.expireDue(event, {
    seen,
    only: overdue,
    trail: { actor: 'shopper', reason: 'overdue', ...trace },
  });
  announce(parts, event, swept);
  if (swept.outcome !== 'swept') return first;
  notifyEnded(parts, 'hold.expired', swept.ended, { nowMs: swept.nowMs, traceId: trace.traceId });
  return attempt();
}

function overdueHolds(reply: MayBeOverdue): readonly HoldId[] {
  return reply.outcome === 'seats.overdue' && 'overdue' in reply ? reply.overdue : [];
}
