import {
  type CancelReply,
  type CommitReply,
  EXPIRE_BATCH_MAX,
  type ExpireDueCommand,
  type ExpireDueReply,
  type RejectReply,
} from '../model/hold-commands.ts';
import type { HoldStore } from '../model/hold-store.ts';
import type { EventId } from '../model/ids.ts';
import { encodeQuote } from '../model/quote.ts';
import type { TrueHolder } from '../model/reply.ts';
import { encodeTrail } from '../model/trail.ts';
import { clockJumpOf, seenArgs } from './clock-words.ts';
import { endedOf, extrasOf, holdOf, looksOf, unforeseen, writtenOf } from './replies.ts';
import type { RawReply, RunScript } from './run-script.ts';

type DecisionCalls = Pick<HoldStore, 'expireDue' | 'commit' | 'reject' | 'cancel'>;

/** The ends that time and Cosmos decide, as calls of the scripts. */
export function decisionCalls(run: RunScript): DecisionCalls {
  return {
    expireDue: (event, command) => expireDue(run, event, command),
    commit: async (event, { holdId, owner, seats, quote, trail }) => {
      const args = {
        hold_id: holdId,
        owner,
        seats: seats.join(','),
        quote: encodeQuote(quote),
        trail: encodeTrail(trail),
      };
      return commitReply(await run('commit', event, args, holdId));
    },
    reject: async (event, { holdId, owner, contested, trail }) => {
      const args = {
        hold_id: holdId,
        owner,
        contested: encodeHolders(contested),
        trail: encodeTrail(trail),
      };
      return rejectReply(await run('reject', event, args, holdId));
    },
    cancel: async (event, { holdId, owner, seats, trail }) => {
      const args = { hold_id: holdId, owner, seats: seats.join(','), trail: encodeTrail(trail) };
      return cancelReply(await run('cancel', event, args, holdId));
    },
  };
}

/** `seat=holder,...` */
export function encodeHolders(holders: readonly TrueHolder[]): string {
  return holders.map(({ seat, holder }) => `${seat}=${holder}`).join(',');
}

async function expireDue(
  run: RunScript,
  event: EventId,
  { seen, only, trail }: ExpireDueCommand,
): Promise<ExpireDueReply> {
  const raw = await run('expire_due', event, {
    ...seenArgs(seen),
    only: only === null ? '' : only.join(','),
    limit: EXPIRE_BATCH_MAX,
    trail: encodeTrail(trail),
  });
  const { outcome } = raw;
  switch (outcome) {
    case 'swept':
      return {
        ...writtenOf(raw),
        outcome,
        ended: endedOf(raw),
        looks: looksOf(raw),
        more: raw.extras.includes('more'),
      };
    case 'clock.jumped':
      return { ...writtenOf(raw), ...clockJumpOf(raw) };
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('expire_due', raw);
  }
}

function commitReply(raw: RawReply): CommitReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'booked':
    case 'repaired':
    case 'replayed': {
      const conflicts = extrasOf(raw, 'conflict').map(Number);
      return { ...writtenOf(raw), outcome, ...holdOf(raw), ended: endedOf(raw), conflicts };
    }
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('commit', raw);
  }
}

function rejectReply(raw: RawReply): RejectReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'rejected':
    case 'recorded':
    case 'replayed':
    case 'hold.booked':
      return { ...writtenOf(raw), outcome, ...holdOf(raw) };
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('reject', raw);
  }
}

function cancelReply(raw: RawReply): CancelReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'cancelled':
    case 'recorded':
    case 'replayed':
      return { ...writtenOf(raw), outcome, ...holdOf(raw) };
    case 'event.loading':
      return { ...writtenOf(raw), outcome };
    default:
      return unforeseen('cancel', raw);
  }
}
