import type { Clock } from './ambient.ts';
import { CLOCK_JUMP_MS, type SeenClock } from './hold-commands.ts';
import type { EventId } from './ids.ts';

/**
 * What a process last knew of each event's clock, beside its own monotonic one. Redis' clock
 * decides deadlines (I6), and a clock can be set: if the two have moved apart by more than
 * `CLOCK_JUMP_MS`, one of them jumped, and until that is settled `expire_due` ends nothing and `place` and `extend`
 * tell no deadline.
 *
 * A view is renewed by every answer that agrees with it, so a clock that is slewed slowly is
 * followed; an answer that disagrees never renews it, or the jump would be forgotten unjudged.
 *
 * Two things move an event's clock that are no jump: a load (another life, perhaps another shift),
 * and the settling of a jump by somebody else. Both give the clock another name, `<life>.<times
 * settled>`, and a view under an earlier name says nothing any more: who took such a move for a
 * jump would move everybody's deadlines back. A name that was settled less often than the one seen
 * is no later one: the store forgot a settling, and that is a jump.
 */
export type ClockViews = {
  /** What commands carry as `seen`: the clock once seen and the time since; null when nothing was seen yet. */
  seen(event: EventId): SeenClock | null;
  /**
   * Compares an answer with what was seen and keeps it if they agree. `sentAtMs` is the process's
   * monotonic time when it asked; an answer that took long says little about when it was judged
   * (perhaps this process stood still), so it neither renews nor contradicts. `clock` is the clock's
   * name, where the answer tells it.
   */
  agrees(event: EventId, nowMs: number, sentAtMs: number, clock?: string): boolean;
  /** Takes an answer for true: the script judged it. */
  accept(event: EventId, nowMs: number, sentAtMs: number, clock?: string): void;
  /** Whether somebody set the clock since it was seen: then it did not jump. */
  isSetAnew(event: EventId, clock: string): boolean;
  /** Somebody set it, and it shows another time than the one that was expected. */
  isMoved(event: EventId, nowMs: number, clock: string): boolean;
  /** After a load: another life may have another clock. */
  forget(event: EventId): void;
};

/** An answer within this time was judged about when it was asked. */
export const TRUSTED_ROUND_TRIP_MS = 500;

/** `clock` is '' while nobody told its name. */
type View = { readonly nowMs: number; readonly atMs: number; readonly clock: string };

export function createClockViews(clock: Clock): ClockViews {
  const views = new Map<EventId, View>();

  const isPrompt = (sentAtMs: number): boolean =>
    clock.monotonicMs() - sentAtMs <= TRUSTED_ROUND_TRIP_MS;
  const accept = (event: EventId, nowMs: number, sentAtMs: number, name?: string): void => {
    if (!isPrompt(sentAtMs)) return;
    const known = name ?? views.get(event)?.clock ?? '';
    views.set(event, { nowMs, atMs: clock.monotonicMs(), clock: known });
  };
  const isNear = (event: EventId, nowMs: number): boolean => {
    const view = views.get(event);
    const expectedMs = view === undefined ? nowMs : view.nowMs + clock.monotonicMs() - view.atMs;
    return Math.abs(nowMs - expectedMs) <= CLOCK_JUMP_MS;
  };
  const isSetAnew = (event: EventId, name: string): boolean =>
    isLaterName(name, views.get(event)?.clock ?? '');
  return {
    seen: (event) => {
      const view = views.get(event);
      if (view === undefined) return null;
      return { nowMs: view.nowMs, elapsedMs: Math.round(clock.monotonicMs() - view.atMs) };
    },
    agrees: (event, nowMs, sentAtMs, name) => {
      const isTaken = isNear(event, nowMs) || (name !== undefined && isSetAnew(event, name));
      if (isTaken) accept(event, nowMs, sentAtMs, name);
      return isTaken || !isPrompt(sentAtMs);
    },
    accept,
    isSetAnew,
    isMoved: (event, nowMs, name) => isSetAnew(event, name) && !isNear(event, nowMs),
    forget: (event) => {
      views.delete(event);
    },
  };
}

/** Another life, or the same one settled more often; an unknown name is no later one. */
function isLaterName(name: string, seen: string): boolean {
  if (name === '' || seen === '') return false;
  const [life, settled] = name.split('.');
  const [seenLife, seenSettled] = seen.split('.');
  return life !== seenLife || Number(settled) > Number(seenSettled);
}
