import type { EventId, HeldSeat, HoldId, Stamp } from '@holdfast/db/model';
import type { Hold } from '../contract/door.ts';
import type { Caller } from '../edge/access.ts';
import type { Refusal } from '../edge/refusal.ts';
import { type HoldOutcome, unknownHold } from './hold-outcome.ts';
import type { HoldParts } from './hold-parts.ts';
import { loadingEvent, type OpenEvent, openEvent } from './open-event.ts';
import { showHold } from './show-hold.ts';

/** Reads a hold for its owner; another's is answered like one that never was. */
export async function ownHold(
  parts: HoldParts,
  open: OpenEvent,
  holdId: HoldId,
  { owner }: Caller,
): Promise<{ readonly kind: 'found'; readonly held: HeldSeat & Stamp } | Refusal> {
  const reply = await parts.store.readHold(open.document.id, { holdId });
  if (reply.outcome === 'event.loading') return loadingEvent(parts, open.document.id);
  if (reply.outcome === 'hold.unknown' || reply.hold.owner !== owner) return unknownHold();
  return { kind: 'found', held: reply };
}

/** One hold of the caller, live or ended. */
export async function readHold(
  parts: HoldParts,
  request: { readonly event: EventId; readonly hold: HoldId; readonly caller: Caller },
): Promise<HoldOutcome> {
  const open = await openEvent(parts, request.event, { seesDrafts: false });
  if (open.kind === 'refused') return open;
  const present = await ownHold(parts, open, request.hold, request.caller);
  if (present.kind === 'refused') return present;
  return { kind: 'hold', hold: showHold(open, present.held) };
}

/** The caller's basket at an event: at most one hold. */
export async function listHolds(
  parts: HoldParts,
  request: { readonly event: EventId; readonly caller: Caller },
): Promise<{ readonly kind: 'holds'; readonly holds: Hold[] } | Refusal> {
  const open = await openEvent(parts, request.event, { seesDrafts: false });
  if (open.kind === 'refused') return open;
  const reply = await parts.store.readHold(request.event, { owner: request.caller.owner });
  if (reply.outcome === 'event.loading') return loadingEvent(parts, request.event);
  return {
    kind: 'holds',
    holds: reply.outcome === 'found' ? [showHold(open, reply)] : [],
  };
}
