import { type HeldSeat, isLive, quoteTotal, type Stamp } from '@holdfast/db/model';
import type { Hold } from '../contract/door.ts';
import type { OpenEvent } from './open-event.ts';

/** A hold as its owner sees it: labels for indexes, nothing of anybody else. */
export function showHold(open: OpenEvent, held: HeldSeat & Stamp): Hold {
  const { holdId, hold, nowMs, position } = held;
  const { document, chart } = open;
  const isHeld = isLive(hold.status);
  return {
    id: holdId,
    event: document.id,
    status: hold.status,
    seats: hold.seats.map(chart.labelOf),
    rev: hold.rev,
    deadline: instant(hold.deadlineMs),
    remainingMs: isHeld ? Math.max(0, hold.deadlineMs - nowMs) : 0,
    extensionsLeft: isHeld ? Math.max(0, document.policy.maxExtensions - hold.extensions) : 0,
    quote: {
      currency: hold.quote.currency,
      total: quoteTotal(hold.quote),
      seats: hold.seats.map((seat, at) => ({
        label: chart.labelOf(seat),
        amount: hold.quote.amounts[at] ?? 0,
      })),
    },
    at: instant(nowMs),
    position: { ...position },
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
