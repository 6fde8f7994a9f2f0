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
import {
  blockersOf,
  holdOf,
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
    extend: async (event, { holdId, owner, rev, opId, bodyHash }) => {
      const args = { hold_id: holdId, owner, rev, op_id: opId, body_hash: bodyHash };
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
    trail: encodeTrail(c.trail),
  };
  const raw = await run('place', event, args, c.holdId);
  const { outcome } = raw;
  switch (outcome) {
    case 'placed':
    case 'replayed':
    case 'hold.exists':
      return { ...writtenOf(raw), outcome, ...holdOf(raw) };
    case 'hold.unknown':
    case 'idempotency.mismatch':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return seatRefusal(raw) ?? unforeseen('place', raw);
  }
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
  const { outcome } = raw;
  switch (outcome) {
    case 'amended':
    case 'released':
    case 'replayed':
    case 'hold.booked':
    case 'hold.changed':
    case 'hold.confirming':
    case 'hold.ended':
    case 'hold.overdue':
      return { ...writtenOf(raw), outcome, ...holdOf(raw) };
    case 'hold.unknown':
    case 'idempotency.mismatch':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return seatRefusal(raw) ?? unforeseen('amend', raw);
  }
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

function extendReply(raw: RawReply): ExtendReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'extended':
    case 'replayed':
    case 'extend.limit':
    case 'hold.booked':
    case 'hold.changed':
    case 'hold.confirming':
    case 'hold.ended':
    case 'hold.overdue':
      return { ...stampOf(raw), outcome, ...holdOf(raw) };
    case 'sale.closed':
      return { ...stampOf(raw), outcome, sale: saleOf(raw) };
    case 'hold.unknown':
    case 'idempotency.mismatch':
    case 'event.loading':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('extend', raw);
  }
}

function releaseReply(raw: RawReply): ReleaseReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'released':
    case 'replayed':
    case 'hold.changed':
    case 'hold.confirming':
    case 'hold.booked':
      return { ...writtenOf(raw), outcome, ...holdOf(raw) };
    case 'hold.unknown':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('release', raw);
  }
}

function revokeReply(raw: RawReply): RevokeReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'revoked':
    case 'replayed':
    case 'hold.confirming':
    case 'hold.booked':
      return { ...writtenOf(raw), outcome, ...holdOf(raw) };
    case 'hold.unknown':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('revoke', raw);
  }
}

function confirmReply(raw: RawReply): BeginConfirmReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'confirming':
    case 'replayed':
    case 'hold.changed':
    case 'hold.ended':
    case 'hold.overdue':
      return { ...stampOf(raw), outcome, ...holdOf(raw) };
    case 'hold.unknown':
    case 'event.loading':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('begin_confirm', raw);
  }
}
