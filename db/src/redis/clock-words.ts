import type { ClockJumped, SeenClock } from '../model/hold-commands.ts';
import type { RawReply } from './run-script.ts';

/** A look at the event's clock, as scripts take it and answer that it no longer fits. */

export function seenArgs(seen: SeenClock | null | undefined) {
  if (seen === null || seen === undefined) return { seen_now: '', elapsed: '' };
  return { seen_now: Math.round(seen.nowMs), elapsed: Math.round(seen.elapsedMs) };
}

/** Extras of `clock.jumped`: by how much, shift, clock. */
export function clockJumpOf({ extras }: RawReply): ClockJumped {
  const [jump, shift, clock = ''] = extras;
  return { outcome: 'clock.jumped', jumpMs: Number(jump), shiftMs: Number(shift), clock };
}
