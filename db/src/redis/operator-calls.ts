import type { BlockReply, RepairReply, SaleReply, UnblockReply } from '../model/event-commands.ts';
import type { HoldStore } from '../model/hold-store.ts';
import { isHolder } from '../model/holder.ts';
import { encodeTrail } from '../model/trail.ts';
import { endedOf, extrasOf, refusedOf, saleOf, stampOf, unforeseen, writtenOf } from './replies.ts';
import type { RawReply, RunScript } from './run-script.ts';

type OperatorCalls = Pick<HoldStore, 'block' | 'unblock' | 'sale' | 'repair'>;

/** What operators and the reconciler do to seats and to the sale, as calls of the scripts. */
export function operatorCalls(run: RunScript): OperatorCalls {
  return {
    block: async (event, { seats, chartHash, revokeHolds, trail }) => {
      const args = {
        seats: seats.join(','),
        chart_hash: chartHash,
        revoke_holds: revokeHolds ? 1 : 0,
        trail: encodeTrail(trail),
      };
      return blockReply(await run('block', event, args));
    },
    unblock: async (event, { seats, chartHash, trail }) => {
      const args = { seats: seats.join(','), chart_hash: chartHash, trail: encodeTrail(trail) };
      return unblockReply(await run('unblock', event, args));
    },
    repair: async (event, { seat, seen, next, trail }) => {
      const args = { seat, seen, next_holder: next, trail: encodeTrail(trail) };
      return repairReply(await run('repair', event, args));
    },
    sale: async (event, { next, version }) =>
      saleReply(await run('sale', event, { next_state: next, version })),
  };
}

function blockReply(raw: RawReply): BlockReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'blocked': {
      const changed = extrasOf(raw, 'changed').map(Number);
      return { ...writtenOf(raw), outcome, changed, refused: refusedOf(raw), ended: endedOf(raw) };
    }
    case 'chart.changed':
    case 'seats.invalid':
    case 'seats.too-many':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('block', raw);
  }
}

function unblockReply(raw: RawReply): UnblockReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'unblocked':
      return { ...writtenOf(raw), outcome, changed: extrasOf(raw, 'changed').map(Number) };
    case 'chart.changed':
    case 'seats.invalid':
    case 'seats.too-many':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('unblock', raw);
  }
}

function repairReply(raw: RawReply): RepairReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'repaired':
      return { ...writtenOf(raw), outcome, ended: endedOf(raw) };
    case 'repair.stale': {
      const holder = raw.extras[0] ?? '';
      if (!isHolder(holder)) throw new TypeError(`not a holder: ${holder}`);
      return { ...writtenOf(raw), outcome, holder };
    }
    case 'hold.confirming':
    case 'seats.invalid':
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('repair', raw);
  }
}

function saleReply(raw: RawReply): SaleReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'changed':
    case 'replayed':
    case 'sale.illegal':
      return { ...stampOf(raw), outcome, sale: saleOf(raw) };
    case 'event.loading':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('sale', raw);
  }
}
