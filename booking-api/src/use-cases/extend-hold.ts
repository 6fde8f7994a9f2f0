import type { EventId, HoldId } from '@holdfast/db/model';
import type { Caller } from '../edge/access.ts';
import type { Intent } from '../edge/idempotency.ts';
import { asPrecondition, type ExpectedRev } from './expected-rev.ts';
import { outcomeOf } from './hold-outcome.ts';
import type { HoldParts } from './hold-parts.ts';
import { openEvent } from './open-event.ts';
import { type HoldResult, pendingHold } from './pending.ts';
import { settle } from './settle.ts';

export type ExtendHoldRequest = {
  readonly event: EventId;
  readonly hold: HoldId;
  readonly caller: Caller;
  readonly expected: ExpectedRev;
  readonly intent: Intent;
};

/** Moves the deadline of a hold as far as the event's policy allows. */
export async function extendHold(
  parts: HoldParts,
  request: ExtendHoldRequest,
): Promise<HoldResult> {
  const { event, hold, caller, expected, intent } = request;
  const open = await openEvent(parts, event, { seesDrafts: false });
  if (open.kind === 'refused') return open;
  const command = {
    holdId: hold,
    owner: caller.owner,
    rev: expected.rev,
    opId: intent.opId,
    bodyHash: intent.bodyHash,
  };
  const { reply } = await settle(() => parts.store.extend(event, command));
  if (reply === null) return pendingHold(event, hold);
  return asPrecondition(outcomeOf(parts, open, reply), expected);
}
