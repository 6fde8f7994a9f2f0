import type { EventId, HoldId } from '@holdfast/db/model';
import type { Hold, Pending } from '../contract/door.ts';
import { RETRY_SOON_MS, type Refusal } from '../edge/refusal.ts';

/** What a change of a hold comes to. */
export type HoldResult =
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'pending'; readonly pending: Pending }
  | Refusal;

/** The machine did not answer twice: the hold may have changed or not (I5). */
export function pendingHold(event: EventId, id: HoldId): HoldResult {
  return {
    kind: 'pending',
    pending: { id, event, status: 'pending', retryAfterMs: RETRY_SOON_MS },
  };
}
