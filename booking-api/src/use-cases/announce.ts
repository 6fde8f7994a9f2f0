import type { EndedHold, EventId, Written } from '@holdfast/db/model';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { HoldParts } from './hold-parts.ts';

type Parts = Pick<HoldParts, 'announcer' | 'reader'>;

/** Passes on what a transition wrote: to this process's own map at once, to the others as a hint. */
export function announce(parts: Parts, event: EventId, { position, entries }: Written): void {
  if (entries.length === 0) return;
  parts.reader.feed(event, position.epoch, entries);
  parts.announcer.publish(event, position.epoch, entries);
}

/** Tells owners that their holds ended by another's doing or by time. */
export function notifyEnded(
  parts: Parts,
  kind: Extract<OwnerNotice['kind'], 'hold.expired' | 'hold.revoked'>,
  ended: readonly Pick<EndedHold, 'holdId' | 'owner'>[],
  at: { readonly nowMs: number; readonly traceId: string },
): void {
  for (const { holdId, owner } of ended) {
    parts.announcer.notifyOwner(owner, {
      kind,
      hold: holdId,
      atMs: at.nowMs,
      traceId: at.traceId,
    });
  }
}
