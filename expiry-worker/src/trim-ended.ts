import type { EventId, HoldStore } from '@holdfast/db/model';

/** Ended holds are kept this long, so that a late repeat of a request is answered with its end. */
export const ENDED_KEPT_MS = 24 * 60 * 60 * 1_000;
/** One call drops at most this many: a script must not keep Redis busy. */
export const TRIM_BATCH_MAX = 500;
/** The rest waits for the next round. */
export const TRIM_BATCHES_MAX = 100;

/** Forgets holds that ended more than a day ago, in bounded batches; answers how many. */
export async function trimEnded(
  store: Pick<HoldStore, 'trimEnded'>,
  event: EventId,
): Promise<number> {
  const command = { olderThanMs: ENDED_KEPT_MS, limit: TRIM_BATCH_MAX };
  let trimmed = 0;
  for (let batch = 0; batch < TRIM_BATCHES_MAX; batch += 1) {
    const reply = await store.trimEnded(event, command);
    if (reply.outcome !== 'trimmed') break;
    trimmed += reply.count;
    if (reply.count < TRIM_BATCH_MAX) break;
  }
  return trimmed;
}
