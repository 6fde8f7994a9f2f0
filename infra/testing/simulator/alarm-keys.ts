import { type EventId, type EventState, type HoldId, isLive } from '@holdfast/db/model';
import { alarmKey } from '@holdfast/db/redis';
import type { World } from './world.ts';

/**
 * The keys with a time to live beside the holds, and the notices of their end. The time to live is
 * read from the raw clock of the store, so a clock that jumps ends keys early or late; a notice is
 * late anyway, and lost now and then.
 */
export type AlarmKeys = {
  /** The hold has a deadline so long from now. */
  set(hold: HoldId, remainingMs: number): void;
  /** After a jump of the raw clock, forward ones end keys. */
  jumped(): void;
  /** After another state took the place of the present one. */
  replaced(): void;
  /** Off: no notice is sent. */
  turn(on: boolean): void;
  listen(hear: (key: string) => void): void;
};

/** How late Redis may tell of a key that has ended; half of the notices come at once. */
const LATE_MOST_MS = 150;

export function createAlarmKeys(
  world: World,
  parts: { readonly event: EventId; readonly state: EventState; readonly rawMs: () => number },
): AlarmKeys {
  const { time, chance } = world;
  const { event, state, rawMs } = parts;
  const dueMs = new Map<HoldId, number>();
  const listeners: ((key: string) => void)[] = [];
  let on = world.climate.alarms;

  const plan = (hold: HoldId, atRawMs: number): void => {
    const lateMs = chance.happens(0.5) ? chance.between(0, LATE_MOST_MS) : 0;
    time.after(Math.max(0, atRawMs - rawMs()) + lateMs, () => look(hold, atRawMs));
  };
  const look = (hold: HoldId, atRawMs: number): void => {
    if (dueMs.get(hold) !== atRawMs) return;
    if (rawMs() < atRawMs) {
      plan(hold, atRawMs); // the clock was set back
      return;
    }
    dueMs.delete(hold);
    const record = state.holds.get(hold);
    if (record === undefined || !isLive(record.status) || !on) return;
    if (world.hits('alarm notice lost')) return;
    for (const hear of listeners) hear(alarmKey(event, hold));
  };
  const set = (hold: HoldId, remainingMs: number): void => {
    const atRawMs = rawMs() + remainingMs;
    dueMs.set(hold, atRawMs);
    plan(hold, atRawMs);
  };
  return {
    set,
    jumped: () => {
      for (const [hold, atRawMs] of dueMs) if (atRawMs <= rawMs()) plan(hold, atRawMs);
    },
    replaced: () => {
      dueMs.clear();
      for (const [hold, atMs] of state.due) set(hold, atMs - rawMs() - state.shiftMs);
    },
    turn: (next) => {
      on = next;
    },
    listen: (hear) => {
      listeners.push(hear);
    },
  };
}
