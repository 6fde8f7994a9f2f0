import { pause } from '../harness/bounded.ts';

/**
 * Starts `count` tasks spread evenly over `spanMs` and waits for all of them. A task that is late
 * is started at once, so the rate holds as long as the process keeps up; `lateMs` tells how far it
 * fell behind at worst.
 */
export async function paced(
  count: number,
  spanMs: number,
  task: (number: number) => Promise<void>,
): Promise<{ readonly lateMs: number }> {
  const startedMs = performance.now();
  const running: Promise<void>[] = [];
  let lateMs = 0;
  for (let number = 0; number < count; number += 1) {
    const dueMs = startedMs + (number / count) * spanMs;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await pause(waitMs);
    else lateMs = Math.max(lateMs, -waitMs);
    running.push(task(number));
  }
  await Promise.all(running);
  return { lateMs };
}
