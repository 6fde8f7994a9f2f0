import type { HoldId } from '../model/door.ts';
import type { Journal, JournalEntry, ToldHeld } from './journal.ts';
import type { GivenBack } from './replay.ts';

/**
 * A stretch of time for which a client was told that a seat is its own: [fromMs, untilMs). It opens
 * with the answer that first showed the seat in the hold and closes with the first of: an answer
 * without the seat, the hold's end as anybody was told it, the last deadline told, or a question
 * whose answer was lost. A booked seat is the client's for good.
 *
 * A seat that its owner gives back is free from the record on that says so. Where the answer was lost
 * and the question sent again, the owner hears of it later, and somebody else may have the seat by then.
 */
export type ToldSpan = {
  readonly client: string;
  readonly hold: HoldId;
  readonly seat: number;
  /** Spans of different epochs are not compared: a chain broke between them. */
  readonly epoch: string;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** All spans that the journals tell, in no particular order. */
export function toldSpans(
  journals: readonly Journal[],
  givenBack: ReadonlyMap<HoldId, readonly GivenBack[]>,
): ToldSpan[] {
  const stories = new Map<HoldId, Story>();
  for (const { client, entries } of journals) {
    for (const entry of entries) {
      const story = stories.get(entry.hold) ?? { client, entries: [] };
      // The teller of the hold is the client that was shown it; an operator only hears of its end.
      const teller = entry.kind === 'held' ? client : story.client;
      stories.set(entry.hold, { client: teller, entries: [...story.entries, entry] });
    }
  }
  return [...stories].flatMap(([hold, story]) =>
    spansOfHold(hold, story, givenBack.get(hold) ?? []),
  );
}

type Story = { readonly client: string; readonly entries: readonly JournalEntry[] };

function spansOfHold(
  hold: HoldId,
  { client, entries }: Story,
  givenBack: readonly GivenBack[],
): ToldSpan[] {
  const inOrder = [...entries].sort((a, b) => a.atMs - b.atMs);
  const open = new Map<number, ToldHeld>();
  const spans: ToldSpan[] = [];
  let deadlineMs = 0;
  const close = (seat: number, first: ToldHeld, toldMs: number): void => {
    const { epoch } = first.position;
    const gone = givenBack.find((one) => one.seat === seat && one.atMs >= first.atMs);
    const untilMs = Math.min(toldMs, gone?.atMs ?? toldMs);
    spans.push({ client, hold, seat, epoch, fromMs: first.atMs, untilMs });
    open.delete(seat);
  };
  for (const entry of inOrder) {
    if (entry.kind === 'held') {
      deadlineMs = Math.max(deadlineMs, entry.deadlineMs);
      for (const [seat, first] of open) {
        if (!entry.seats.includes(seat)) close(seat, first, entry.atMs);
      }
      for (const seat of entry.seats) if (!open.has(seat)) open.set(seat, entry);
      continue;
    }
    if (entry.kind === 'ended' && entry.how === 'booked') {
      deadlineMs = Number.POSITIVE_INFINITY; // from here on only a cancel ends it
      continue;
    }
    for (const [seat, first] of open) close(seat, first, Math.min(entry.atMs, deadlineMs));
    break;
  }
  for (const [seat, first] of open) close(seat, first, deadlineMs);
  return spans;
}
