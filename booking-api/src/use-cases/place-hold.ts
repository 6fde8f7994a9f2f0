import { type EventId, type HoldRecord, mintHoldId, type PlaceReply } from '@holdfast/db/model';
import type { PlaceHold } from '../contract/door.ts';
import type { Caller } from '../edge/access.ts';
import type { Intent } from '../edge/idempotency.ts';
import type { RequestTrace } from '../edge/request-trace.ts';
import { announce } from './announce.ts';
import { chooseSeats, refuseOtherChart } from './choose-seats.ts';
import { outcomeOf } from './hold-outcome.ts';
import type { HoldParts } from './hold-parts.ts';
import { refuseKnownTaken } from './known-taken.ts';
import { type OpenEvent, openEvent } from './open-event.ts';
import { pastOverdue } from './past-overdue.ts';
import { type HoldResult, pendingHold } from './pending.ts';
import { settle } from './settle.ts';

export type PlaceHoldRequest = {
  readonly event: EventId;
  readonly caller: Caller;
  readonly body: PlaceHold;
  readonly intent: Intent;
  readonly trace: RequestTrace;
  /** Where the caller's connection comes from, as the trusted proxies tell. */
  readonly address: string;
};

/**
 * Holds seats for a shopper: labels to seats, price, early refusal, lock, transition, news, answer.
 * The lock is given back off the path; whether it was granted does not matter for the outcome.
 */
export async function placeHold(parts: HoldParts, request: PlaceHoldRequest): Promise<HoldResult> {
  const open = await openEvent(parts, request.event, { seesDrafts: false });
  if (open.kind === 'refused') return open;
  const otherChart = refuseOtherChart(open, request.body.chartHash);
  if (otherChart !== null) return otherChart;
  const chosen = chooseSeats(open, request.body.seats, 'seats');
  if (chosen.kind === 'refused') return chosen;
  const { seats } = chosen;
  const taken = await refuseKnownTaken(parts, open, { ...request, seats });
  if (taken !== null) return taken;
  return place(parts, open, request, seats);
}

async function place(
  parts: HoldParts,
  open: OpenEvent,
  request: PlaceHoldRequest,
  seats: readonly number[],
): Promise<HoldResult> {
  const { event, caller, intent, trace } = request;
  const holdId = mintHoldId(event, parts.ambient.random);
  const command = {
    holdId,
    owner: caller.owner,
    seats,
    quote: open.chart.quote(seats),
    chartHash: open.document.chartHash,
    idemField: intent.idemField,
    bodyHash: intent.bodyHash,
    addressHash: await parts.networks.of(request.address),
    trail: { actor: 'shopper', reason: 'place', ...trace },
  } as const;
  const send = () => settle(() => parts.store.place(event, command));
  const { reply } = await parts.lock.withSeats(event, seats, () =>
    pastOverdue<PlaceReply>(parts, open, trace, send),
  );
  if (reply === null) return pendingHold(event, holdId);
  announce(parts, event, reply);
  if (reply.outcome === 'placed' && isShortened(open, reply.hold)) parts.budgets.shortened();
  return outcomeOf(parts, open, reply);
}

function isShortened({ document }: OpenEvent, hold: HoldRecord): boolean {
  return hold.deadlineMs - hold.placedAtMs < document.policy.holdTtlMs;
}
