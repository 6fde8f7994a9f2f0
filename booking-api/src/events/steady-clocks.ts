import {
  type Clock,
  createClockViews,
  type EventId,
  type ExpireDueCommand,
  type HoldStore,
  type Stamp,
} from '@holdfast/db/model';

/**
 * By which clock this process may end overdue holds by itself (I6). Redis judges deadlines, but a
 * clock that jumped would end holds whose owners were told a later time. So the time that Redis
 * answers is compared with the time that passed here, and `expire_due` is asked with a look from
 * before the jump; it then ends nothing. Moving deadlines back is the worker's doing.
 *
 * - Too short a look proves nothing: before `STEADY_MS` of agreement nothing is ended, the worker does.
 * - A look that only disagrees is wrong itself (an event loaded anew, a worker that settled the
 *   jump otherwise): after `DOUBT_MS` a new one begins.
 */
export type SteadyClocks = {
  /** For `expireDue`; null while this process has not watched the event's clock for long enough. */
  seen(event: EventId): ExpireDueCommand['seen'];
  /** Takes note of the clock that an answer was judged by; `sentAtMs` is the monotonic time of asking. */
  note(event: EventId, nowMs: number, sentAtMs: number): void;
  forget(event: EventId): void;
};

export const STEADY_MS = 3_000;
export const DOUBT_MS = 10_000;

/** Monotonic instants: since when answers agree, and since when they do not. */
type Watch = { readonly sinceMs: number; doubtedMs: number | null };

export function createSteadyClocks(clock: Clock): SteadyClocks {
  const views = createClockViews(clock);
  const watches = new Map<EventId, Watch>();
  const forget = (event: EventId): void => {
    views.forget(event);
    watches.delete(event);
  };
  return {
    seen: (event) => {
      const watch = watches.get(event);
      const isSteady = watch !== undefined && clock.monotonicMs() - watch.sinceMs >= STEADY_MS;
      return isSteady ? views.seen(event) : null;
    },
    note: (event, nowMs, sentAtMs) => {
      const agrees = views.agrees(event, nowMs, sentAtMs);
      const hereMs = clock.monotonicMs();
      const watch = watches.get(event);
      if (watch === undefined) {
        if (views.seen(event) !== null) watches.set(event, { sinceMs: hereMs, doubtedMs: null });
        return;
      }
      watch.doubtedMs = agrees ? null : (watch.doubtedMs ?? hereMs);
      if (watch.doubtedMs !== null && hereMs - watch.doubtedMs >= DOUBT_MS) forget(event);
    },
    forget,
  };
}

/** The same store; what it answers to shoppers' calls is noted on the way. */
export function noteClocks(store: HoldStore, clocks: SteadyClocks, clock: Clock): HoldStore {
  const noted =
    <Command, Reply extends Stamp & { readonly outcome: string }>(
      call: (event: EventId, command: Command) => Promise<Reply>,
    ) =>
    async (event: EventId, command: Command): Promise<Reply> => {
      const sentAtMs = clock.monotonicMs();
      const reply = await call(event, command);
      // Without state there is no shift, so this clock is not the one that deadlines are told by.
      if (reply.outcome === 'event.loading') clocks.forget(event);
      else clocks.note(event, reply.nowMs, sentAtMs);
      return reply;
    };
  const noting: Partial<HoldStore> = {
    place: noted((event, command) => store.place(event, command)),
    amend: noted((event, command) => store.amend(event, command)),
    extend: noted((event, command) => store.extend(event, command)),
    release: noted((event, command) => store.release(event, command)),
    readHold: noted((event, query) => store.readHold(event, query)),
    probe: noted((event, query) => store.probe(event, query)),
  };
  // Everything else is asked of the store itself; Object.create is typed as any.
  return Object.assign(Object.create(store) as HoldStore, noting);
}
