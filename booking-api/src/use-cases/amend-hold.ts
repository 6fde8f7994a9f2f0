import type { AmendReply, EventId, HeldSeat, HoldId, Stamp } from '@holdfast/db/model';
import type { AmendHold } from '../contract/door.ts';
import type { Caller } from '../edge/access.ts';
import type { Intent } from '../edge/idempotency.ts';
import type { RequestTrace } from '../edge/request-trace.ts';
import { announce } from './announce.ts';
import { chooseSeats, refuseOtherChart } from './choose-seats.ts';
import { asPrecondition, type ExpectedRev } from './expected-rev.ts';
import { outcomeOf } from './hold-outcome.ts';
import type { HoldParts } from './hold-parts.ts';
import { type OpenEvent, openEvent } from './open-event.ts';
import { ownHold } from './own-hold.ts';
import { pastOverdue } from './past-overdue.ts';
import { type HoldResult, pendingHold } from './pending.ts';
import { settle } from './settle.ts';

export type AmendHoldRequest = {
  readonly event: EventId;
  readonly hold: HoldId;
  readonly caller: Caller;
  readonly body: AmendHold;
  readonly expected: ExpectedRev;
  readonly intent: Intent;
  readonly trace: RequestTrace;
};

/** Adds and drops seats of a hold in one transition; dropping the last seat releases it. */
export async function amendHold(parts: HoldParts, request: AmendHoldRequest): Promise<HoldResult> {
  const open = await openEvent(parts, request.event, { seesDrafts: false });
  if (open.kind === 'refused') return open;
  const otherChart = refuseOtherChart(open, request.body.chartHash);
  if (otherChart !== null) return otherChart;
  const add = chooseSeats(open, request.body.add ?? [], 'add');
  if (add.kind === 'refused') return add;
  const drop = chooseSeats(open, request.body.drop ?? [], 'drop');
  if (drop.kind === 'refused') return drop;
  const present = await ownHold(parts, open, request.hold, request.caller);
  if (present.kind === 'refused') return present;
  const basket = wantedBasket(present.held, request, add.seats, drop.seats);
  return amend(parts, open, request, basket);
}

type Basket = { readonly seats: readonly number[]; readonly added: readonly number[] };

/**
 * The whole basket as it shall be. Where the amendment was done before, or the hold is at another
 * rev, the machine answers without looking at seats, so the present ones are as good as any.
 */
function wantedBasket(
  { hold }: HeldSeat & Stamp,
  { expected, intent }: AmendHoldRequest,
  add: readonly number[],
  drop: readonly number[],
): Basket {
  const isDone = hold.ops.some((op) => op.opId === intent.opId);
  if (isDone || hold.rev !== expected.rev) return { seats: hold.seats, added: [] };
  const dropped = new Set(drop);
  const kept = hold.seats.filter((seat) => !dropped.has(seat));
  const added = add.filter((seat) => !hold.seats.includes(seat));
  return { seats: [...kept, ...added].sort((a, b) => a - b), added };
}

async function amend(
  parts: HoldParts,
  open: OpenEvent,
  request: AmendHoldRequest,
  { seats, added }: Basket,
): Promise<HoldResult> {
  const { event, hold, caller, expected, intent, trace } = request;
  const command = {
    holdId: hold,
    owner: caller.owner,
    rev: expected.rev,
    seats,
    quote: open.chart.quote(seats),
    chartHash: open.document.chartHash,
    opId: intent.opId,
    bodyHash: intent.bodyHash,
    trail: { actor: 'shopper', reason: 'amend', ...trace },
  } as const;
  const send = () => settle(() => parts.store.amend(event, command));
  const change = () => pastOverdue<AmendReply>(parts, open, trace, send);
  const { reply } = await (added.length === 0
    ? change()
    : parts.lock.withSeats(event, added, change));
  if (reply === null) return pendingHold(event, hold);
  announce(parts, event, reply);
  return asPrecondition(outcomeOf(parts, open, reply), expected);
}
