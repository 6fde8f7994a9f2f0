import {
  type Clock,
  createClockViews,
  type EventId,
  type ExtendCommand,
  type HoldStore,
  type PlaceCommand,
  type SeenClock,
  type Stamp,
  TRUSTED_ROUND_TRIP_MS,
} from '@holdfast/db/model';

/**
 * By which clock this process may tell deadlines and end overdue holds by itself (I6). Redis judges
 * deadlines, but a clock that jumped would end holds whose owners were told a later time, and what it
 * tells would move when the jump is settled. So the time that Redis answers is compared with the time
 * that passed here, and `expire_due`, `place` and `extend` carry a look from before the jump; they
 * then refuse. Moving deadlines back is the worker's doing; shoppers are asked to come back in a second.
 *
 * - Too short a look proves nothing: before `STEADY_MS` of agreement nothing is ended, the worker does.
 *   Holds are placed and extended even so, since a process that was just started must serve: until then
 *   it believes whatever clock it finds. A look that is contradicted so early was perhaps itself taken
 *   during a jump, and is dropped.
 * - A look that only disagrees is wrong itself (an event loaded anew, a jump that nobody settles or
 *   that was settled otherwise): after `DOUBT_MS` a new one begins.
 * - A process that stood still between its look and the script's run sees Redis ahead by as much. The
 *   script believes a sweep that was just judged; without one the answer took long, and a fresh look
 *   decides.
 */
export type SteadyClocks = {
  /** What commands carry as `seen`; null while this process has not watched the event's clock for long enough. */
  seen(event: EventId): SeenClock | null;
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
  const isSteady = ({ sinceMs }: Watch): boolean => clock.monotonicMs() - sinceMs >= STEADY_MS;
  return {
    seen: (event) => {
      const watch = watches.get(event);
      return watch !== undefined && isSteady(watch) ? views.seen(event) : null;
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
      if (watch.doubtedMs === null) return;
      if (!isSteady(watch) || hereMs - watch.doubtedMs >= DOUBT_MS) forget(event);
    },
    forget,
  };
}

/** The same store; what it answers to shoppers' calls is noted on the way, and goes with what tells deadlines. */
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
  const judged =
    <Command, Reply extends Stamp & { readonly outcome: string }>(
      call: (
        event: EventId,
        command: Command & { readonly seen: SeenClock | null },
      ) => Promise<Reply>,
    ) =>
    async (event: EventId, command: Command): Promise<Reply> => {
      const sentAtMs = clock.monotonicMs();
      const reply = await call(event, { ...command, seen: clocks.seen(event) });
      const tookMs = clock.monotonicMs() - sentAtMs;
      if (reply.outcome !== 'clock.jumped' || tookMs <= TRUSTED_ROUND_TRIP_MS) return reply;
      return call(event, { ...command, seen: clocks.seen(event) });
    };
  const noting: Partial<HoldStore> = {
    place: judged(noted((event, command: PlaceCommand) => store.place(event, command))),
    amend: noted((event, command) => store.amend(event, command)),
    extend: judged(noted((event, command: ExtendCommand) => store.extend(event, command))),
    release: noted((event, command) => store.release(event, command)),
    readHold: noted((event, query) => store.readHold(event, query)),
    probe: noted((event, query) => store.probe(event, query)),
  };
  // Everything else is asked of the store itself; Object.create is typed as any.
  return Object.assign(Object.create(store) as HoldStore, noting);
}
