import type { Clock } from './ambient.ts';
import { CLOCK_JUMP_MS } from './hold-commands.ts';
import type { EventId } from './ids.ts';

/**
 * What a process last knew of each event's clock, beside its own monotonic one. Redis' clock
 * decides deadlines (I6), and a clock can be set: if the two have moved apart by more than
 * `CLOCK_JUMP_MS`, one of them jumped, and `expire_due` ends nothing until that is settled.
 *
 * A view is renewed by every answer that agrees with it, so a clock that is slewed slowly is
 * followed; an answer that disagrees never renews it, or the jump would be forgotten unjudged.
 */
export type ClockViews = {
  /** For `expireDue`: the clock once seen and the time since; null when nothing was seen yet. */
  seen(event: EventId): { readonly nowMs: number; readonly elapsedMs: number } | null;
  /**
   * Compares an answer with what was seen and keeps it if they agree. `sentAtMs` is the process's
   * monotonic time when it asked; an answer that took long says little about when it was judged
   * (perhaps this process stood still), so it neither renews nor contradicts.
   */
  agrees(event: EventId, nowMs: number, sentAtMs: number): boolean;
  /** Takes an answer for true: the script judged it. */
  accept(event: EventId, nowMs: number, sentAtMs: number): void;
  /** After a load: another life may have another clock. */
  forget(event: EventId): void;
};

/** An answer within this time was judged about when it was asked. */
export const TRUSTED_ROUND_TRIP_MS = 500;

type View = { readonly nowMs: number; readonly atMs: number };

export function createClockViews(clock: Clock): ClockViews {
  const views = new Map<EventId, View>();

  const isPrompt = (sentAtMs: number): boolean =>
    clock.monotonicMs() - sentAtMs <= TRUSTED_ROUND_TRIP_MS;
  const accept = (event: EventId, nowMs: number, sentAtMs: number): void => {
    if (isPrompt(sentAtMs)) views.set(event, { nowMs, atMs: clock.monotonicMs() });
  };
  return {
    seen: (event) => {
      const view = views.get(event);
      if (view === undefined) return null;
      return { nowMs: view.nowMs, elapsedMs: Math.round(clock.monotonicMs() - view.atMs) };
    },
    agrees: (event, nowMs, sentAtMs) => {
      const view = views.get(event);
      const expectedMs = view === undefined ? nowMs : view.nowMs + clock.monotonicMs() - view.atMs;
      const isNear = Math.abs(nowMs - expectedMs) <= CLOCK_JUMP_MS;
      if (isNear) accept(event, nowMs, sentAtMs);
      return isNear || !isPrompt(sentAtMs);
    },
    accept,
    forget: (event) => {
      views.delete(event);
    },
  };
}
