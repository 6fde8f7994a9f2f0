import type {
  AmendCommand,
  AmendReply,
  BeginConfirmReply,
  ExtendReply,
  PlaceCommand,
  PlaceReply,
  ReleaseReply,
  RevokeReply,
} from '../model/hold-commands.ts';
import type { HoldStore } from '../model/hold-store.ts';
import type { EventId } from '../model/ids.ts';
import { encodeQuote } from '../model/quote.ts';
import { encodeTrail } from '../model/trail.ts';
import { clockJumpOf, seenArgs } from './clock-words.ts';
import {
  blockersOf,
  budgetOf,
  holdOf,
  named,
  overdueOf,
  saleOf,
  stampOf,
  unforeseen,
  writtenOf,
} from './replies.ts';
import type { RawReply, RunScript } from './run-script.ts';

type HoldCalls = Pick<
  HoldStore,
  'place' | 'amend' | 'extend' | 'release' | 'revoke' | 'beginConfirm'
>;

/** The transitions that a shopper's or an operator's request runs, as calls of the scripts. */
export function holdCalls(run: RunScript): HoldCalls {
  return {
    place: (event, command) => place(run, event, command),
    amend: (event, command) => amend(run, event, command),
    extend: async (event, { holdId, owner, rev, opId, bodyHash, seen }) => {
      const op = { op_id: opId, body_hash: bodyHash };
      const args = { hold_id: holdId, owner, rev, ...op, ...seenArgs(seen) };
      return extendReply(await run('extend', event, args, holdId));
    },
    release: async (event, { holdId, owner, rev, trail }) => {
      const args = { hold_id: holdId, owner, rev: rev ?? '', trail: encodeTrail(trail) };
      return releaseReply(await run('release', event, args, holdId));
    },
    revoke: async (event, { holdId, trail }) => {
      const args = { hold_id: holdId, trail: encodeTrail(trail) };
      return revokeReply(await run('revoke', event, args, holdId));
    },
    beginConfirm: async (event, { holdId, owner, rev }) =>
      confirmReply(await run('begin_confirm', event, { hold_id: holdId, owner, rev }, holdId)),
  };
}

async function place(run: RunScript, event: EventId, c: PlaceCommand): Promise<PlaceReply> {
  const args = {
    hold_id: c.holdId,
    owner: c.owner,
    seats: c.seats.join(','),
    quote: encodeQuote(c.quote),
    chart_hash: c.chartHash,
    idem_field: c.idemField,
    body_hash: c.bodyHash,
    address: c.addressHash,
    ...seenArgs(c.seen),
    trail: encodeTrail(c.trail),
  };
  const raw = await run('place', event, args, c.holdId);
  const withHold = named(raw, 'placed', 'replayed', 'hold.exists');
  if (withHold !== null) return { ...writtenOf(raw), outcome: withHold, ...holdOf(raw) };
  const plain = named(raw, 'hold.unknown', 'idempotency.mismatch', 'event.loading');
  if (plain !== null) return { ...writtenOf(raw), outcome: plain };
  if (raw.outcome === 'budget.spent') {
    return { ...writtenOf(raw), outcome: raw.outcome, budget: budgetOf(raw) };
  }
  if (raw.outcome === 'clock.jumped') return { ...writtenOf(raw), ...clockJumpOf(raw) };
  return seatRefusal(raw) ?? unforeseen('place', raw);
}

async function amend(run: RunScript, event: EventId, c: AmendCommand): Promise<AmendReply> {
  const args = {
    hold_id: c.holdId,
    owner: c.owner,
    rev: c.rev,
    seats: c.seats.join(','),
    quote: encodeQuote(c.quote),
    chart_hash: c.chartHash,
    op_id: c.opId,
    body_hash: c.bodyHash,
    trail: encodeTrail(c.trail),
  };
  const raw = await run('amend', event, args, c.holdId);
  const withHold = named(raw, 'amended', 'released', 'replayed', ...REV_REFUSALS);
  if (withHold !== null) return { ...writtenOf(raw), outcome: withHold, ...holdOf(raw) };
  const plain = named(raw, 'hold.unknown', 'idempotency.mismatch', 'event.loading');
  if (plain !== null) return { ...writtenOf(raw), outcome: plain };
  if (raw.outcome === 'budget.spent') {
    return { ...writtenOf(raw), outcome: raw.outcome, budget: budgetOf(raw), ...holdOf(raw) };
  }
  return seatRefusal(raw) ?? unforeseen('amend', raw);
}

/** What place and amend refuse alike. */
function seatRefusal(raw: RawReply) {
  const { outcome } = raw;
  switch (outcome) {
    case 'seats.unavailable':
      return { ...writtenOf(raw), outcome, blockers: blockersOf(raw) } as const;
    case 'seats.overdue':
      return { ...writtenOf(raw), outcome, overdue: overdueOf(raw) } as const;
    case 'sale.closed':
      return { ...writtenOf(raw), outcome, sale: saleOf(raw) } as const;
    case 'seats.invalid':
    case 'seats.too-many':
    case 'chart.changed':
      return { ...writtenOf(raw), outcome } as const;
    default:
      return null;
  }
}

/** What amend and extend refuse alike, with the hold as it is now. */
const REV_REFUSALS = [
  'hold.booked',
  'hold.changed',
  'hold.confirming',
  'hold.ended',
  'hold.overdue',
] as const;

function extendReply(raw: RawReply): ExtendReply {
  const withHold = named(raw, 'extended', 'replayed', 'extend.limit', ...REV_REFUSALS);
  if (withHold !== null) return { ...stampOf(raw), outcome: withHold, ...holdOf(raw) };
  const plain = named(raw, 'hold.unknown', 'idempotency.mismatch', 'event.loading');
  if (plain !== null) return { ...stampOf(raw), outcome: plain };
  const { outcome } = raw;
  if (outcome === 'clock.jumped') return { ...stampOf(raw), ...clockJumpOf(raw) };
  if (outcome === 'sale.closed') return { ...stampOf(raw), outcome, sale: saleOf(raw) };
  if (outcome === 'budget.spent') {
    return { ...stampOf(raw), outcome, budget: budgetOf(raw), ...holdOf(raw) };
  }
  return unforeseen('extend', raw);
}

function releaseReply(raw: RawReply): ReleaseReply {
  const names = ['released', 'replayed', 'hold.changed', 'hold.confirming', 'hold.booked'] as const;
  const withHold = named(raw, ...names);
  if (withHold !== null) return { ...writtenOf(raw), outcome: withHold, ...holdOf(raw) };
  const plain = named(raw, 'hold.unknown', 'event.loading');
  return plain === null ? unforeseen('release', raw) : { ...writtenOf(raw), outcome: plain };
}

function revokeReply(raw: RawReply): RevokeReply {
  const withHold = named(raw, 'revoked', 'replayed', 'hold.confirming', 'hold.booked');
  if (withHold !== null) return { ...writtenOf(raw), outcome: withHold, ...holdOf(raw) };
  const plain = named(raw, 'hold.unknown', 'event.loading');
  return plain === null ? unforeseen('revoke', raw) : { ...writtenOf(raw), outcome: plain };
}

function confirmReply(raw: RawReply): BeginConfirmReply {
  const names = ['confirming', 'replayed', 'hold.changed', 'hold.ended', 'hold.overdue'] as const;
  const withHold = named(raw, ...names);
  if (withHold !== null) return { ...stampOf(raw), outcome: withHold, ...holdOf(raw) };
  const plain = named(raw, 'hold.unknown', 'event.loading');
  return plain === null ? unforeseen('begin_confirm', raw) : { ...stampOf(raw), outcome: plain };
}
