import type { EventId, FeedEntry, OwnerId } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { Swept } from './sweep.ts';

/** What the worker needs of the hub's announcer. */
export type Announcer = {
  publish(event: EventId, epoch: string, entries: readonly FeedEntry[]): void;
  notifyOwner(owner: OwnerId, notice: OwnerNotice): void;
};

/**
 * Tells the world what a sweep ended: seats come free on every screen, owners hear it in private.
 * Both are hints; the feed and the hold itself are the truth behind them.
 */
export function announce(
  announcer: Announcer,
  event: EventId,
  { entries, ended, position, nowMs }: Swept,
): void {
  if (entries.length > 0) announcer.publish(event, position.epoch, entries);
  for (const { holdId, owner } of ended) {
    const told = { kind: 'hold.expired', hold: holdId, atMs: nowMs, traceId: '' } as const;
    announcer.notifyOwner(owner, told);
  }
}
