import type { EventId, HoldId } from '@holdfast/db/model';
import type { Caller } from '../edge/access.ts';
import type { RequestTrace } from '../edge/request-trace.ts';
import { announce } from './announce.ts';
import { asPrecondition } from './expected-rev.ts';
import { outcomeOf } from './hold-outcome.ts';
import type { HoldParts } from './hold-parts.ts';
import { openEvent } from './open-event.ts';
import { type HoldResult, pendingHold } from './pending.ts';
import { settle } from './settle.ts';

export type ReleaseHoldRequest = {
  readonly event: EventId;
  readonly hold: HoldId;
  readonly caller: Caller;
  /** Null releases whatever the hold has become. */
  readonly rev: number | null;
  readonly trace: RequestTrace;
};

/** Gives all seats of a hold back; one that has ended before is shown as it ended. */
export async function releaseHold(
  parts: HoldParts,
  request: ReleaseHoldRequest,
): Promise<HoldResult> {
  const { event, hold, caller, rev, trace } = request;
  const open = await openEvent(parts, event, { seesDrafts: false });
  if (open.kind === 'refused') return open;
  const command = {
    holdId: hold,
    owner: caller.owner,
    rev,
    trail: { actor: 'shopper', reason: 'release', ...trace },
  } as const;
  const { reply } = await settle(() => parts.store.release(event, command));
  if (reply === null) return pendingHold(event, hold);
  announce(parts, event, reply);
  return asPrecondition(outcomeOf(parts, open, reply), { rev: rev ?? 0, from: 'header' });
}
