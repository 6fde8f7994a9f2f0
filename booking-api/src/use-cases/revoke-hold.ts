import type { EventId, HoldId } from '@holdfast/db/model';
import type { RequestTrace } from '../edge/request-trace.ts';
import { announce, notifyEnded } from './announce.ts';
import { type HoldOutcome, outcomeOf } from './hold-outcome.ts';
import { openEvent } from './open-event.ts';
import { type OperatorParts, UNSETTLED, type UnsettledChange } from './operator-parts.ts';
import { settle } from './settle.ts';

/** An operator ends a hold; its owner is told. */
export async function revokeHold(
  parts: OperatorParts,
  request: { readonly event: EventId; readonly hold: HoldId; readonly trace: RequestTrace },
): Promise<HoldOutcome | UnsettledChange> {
  const { event, hold, trace } = request;
  const open = await openEvent(parts, event, { seesDrafts: true });
  if (open.kind === 'refused') return open;
  const command = {
    holdId: hold,
    trail: { actor: 'operator', reason: 'operator', ...trace },
  } as const;
  const { reply } = await settle(() => parts.store.revoke(event, command));
  if (reply === null) return UNSETTLED;
  announce(parts, event, reply);
  if (reply.outcome === 'revoked') {
    const ended = [{ holdId: hold, owner: reply.hold.owner }];
    notifyEnded(parts, 'hold.revoked', ended, { nowMs: reply.nowMs, traceId: trace.traceId });
  }
  return outcomeOf(parts, open, reply);
}
