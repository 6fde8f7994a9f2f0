import type { Timers } from '@holdfast/db/model';

export type Limited<T> = { readonly late: false; readonly value: T } | { readonly late: true };

/** Waits for `work` at most `limitMs`. The work itself is not stopped; a late failure is swallowed. */
export async function withinLimit<T>(
  timers: Timers,
  limitMs: number,
  work: Promise<T>,
): Promise<Limited<T>> {
  const late = Promise.withResolvers<Limited<T>>();
  const cancel = timers.after(limitMs, () => late.resolve({ late: true }));
  try {
    return await Promise.race([
      work.then((value) => ({ late: false as const, value })),
      late.promise,
    ]);
  } finally {
    cancel();
    work.catch(() => undefined);
  }
}
