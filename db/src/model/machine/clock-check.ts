import { CLOCK_JUMP_MS, type ClockJumped, type SeenClock } from '../hold-commands.ts';
import type { Step } from './step.ts';

/**
 * The refusal where this clock and the caller's moved apart; null while they agree or nothing was
 * seen. A sweep that was just judged vouches for this clock: then the caller stood still between
 * look and call. It sees this clock ahead, so only then; one that went back may meet an old mark again.
 */
export function clockCheck(
  { state, nowMs }: Step,
  seen: SeenClock | null | undefined,
): ClockJumped | null {
  if (seen === null || seen === undefined) return null;
  const jumpMs = nowMs - seen.nowMs - seen.elapsedMs;
  const sinceSweepMs = nowMs - state.sweptAtMs;
  const vouched = jumpMs > 0 && sinceSweepMs >= 0 && sinceSweepMs <= CLOCK_JUMP_MS;
  if (Math.abs(jumpMs) <= CLOCK_JUMP_MS || vouched) return null;
  return { outcome: 'clock.jumped', jumpMs, shiftMs: state.shiftMs, clock: state.clock };
}
