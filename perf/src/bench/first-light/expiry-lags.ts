import { decodeFeedRecord, type FeedEntry } from '@holdfast/db/model';

/** A seat that a viewer shows free, and when. */
export type Release = { readonly seat: number; readonly atMs: number };

export type ExpiryEvidence = {
  /** When each hold's seat is due, by the clock of Redis: [seat, deadline in ms]. */
  readonly deadlines: readonly (readonly [seat: number, deadlineMs: number])[];
  readonly sightings: readonly Release[];
  readonly feed: readonly FeedEntry[];
};

export type ExpiryLags = {
  /** From deadline to transition, and from deadline to the viewer's map; ms, one each a hold. */
  readonly endedMs: readonly number[];
  readonly shownMs: readonly number[];
  /** Holds that ended before their deadline. Must be 0. */
  readonly early: number;
  /** Holds without an end, or whose seat the viewer never showed free. Must be 0. */
  readonly lost: number;
};

/** Puts deadlines, feed and what a viewer saw side by side. */
export function lagsOf({ deadlines, sightings, feed }: ExpiryEvidence): ExpiryLags {
  const endedAtMs = new Map<number, number>();
  for (const { line } of feed) {
    const record = decodeFeedRecord(line);
    if (record.outcome !== 'expired') continue;
    for (const { seat } of record.changes) endedAtMs.set(seat, record.redisMs);
  }
  const shownAtMs = new Map(sightings.map(({ seat, atMs }) => [seat, atMs]));
  const endedMs: number[] = [];
  const shownMs: number[] = [];
  let lost = 0;
  for (const [seat, deadlineMs] of deadlines) {
    const ended = endedAtMs.get(seat);
    const shown = shownAtMs.get(seat);
    if (ended === undefined || shown === undefined) {
      lost += 1;
      continue;
    }
    endedMs.push(ended - deadlineMs);
    shownMs.push(shown - deadlineMs);
  }
  const early = endedMs.filter((lagMs) => lagMs < 0).length;
  return { endedMs, shownMs, early, lost };
}
