import type { EventId } from '@holdfast/db/model';
import type { BasketView } from './basket.ts';

/**
 * The other tabs of this browser: they are the same shopper with the same basket, but no notice
 * tells them what one of them did. So whoever sees its basket change says so, and the others read
 * theirs anew. Only the event's id is said; reading it again without a change says nothing.
 */
export type OtherTabs = {
  say(event: EventId): void;
  /** Undone by the answer. */
  hear(listener: (event: string) => void): () => void;
};

/** Tells the other tabs each time the hold is another one or has another revision. */
export function tellOtherTabs(tabs: OtherTabs, event: EventId): (view: BasketView) => void {
  let told: string | null = null;
  return ({ known, held }) => {
    if (!known) return;
    const present = held === null ? '' : `${held.hold.id} ${held.hold.rev}`;
    const isFirst = told === null;
    if (present === told) return;
    told = present;
    if (!isFirst || present !== '') tabs.say(event);
  };
}
