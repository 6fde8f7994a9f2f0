import type { Timers } from '@holdfast/db/model';

/** Runs a task while no other tab of this browser runs one under the same name. */
export type OneTabAtATime = <T>(task: () => Promise<T>) => Promise<T>;

/** Another tab may be stuck on a bad connection; after this a tab goes on without its turn. */
const TURN_LIMIT_MS = 5_000;

/** Turns by Web Locks; pages that are not served securely have none, and there every tab goes at once. */
export function takeTurns(
  locks: LockManager | undefined,
  name: string,
  timers: Timers,
): OneTabAtATime {
  if (locks === undefined) return (task) => task();
  return async (task) => {
    const limit = new AbortController();
    const cancel = timers.after(TURN_LIMIT_MS, () => limit.abort());
    let begun = false;
    const once = (): ReturnType<typeof task> => {
      begun = true;
      cancel();
      return task();
    };
    try {
      return await locks.request(name, { signal: limit.signal }, once);
    } catch (error) {
      if (begun) throw error;
      return await once();
    }
  };
}
