import type { Ambient, CancelTimer, EventId, FeedEntry } from '@holdfast/db/model';
import { DELTA_CHARS_MAX, type DeltaEntry, deltaEntry, encodeDelta } from './delta.ts';

type Waiting = { epoch: string; entries: DeltaEntry[]; cancel: CancelTimer };

/** After a message, what happens within this time goes out together. */
const BATCH_MS = 15;

/**
 * The first change of an event after quiet is sent at once, what follows is gathered: the number
 * of messages does not grow with the number of changes.
 */
export class DeltaBatch {
  readonly #ambient: Ambient;
  readonly #send: (message: string) => void;
  readonly #waiting = new Map<EventId, Waiting>();

  constructor(ambient: Ambient, send: (message: string) => void) {
    this.#ambient = ambient;
    this.#send = send;
  }

  add(event: EventId, epoch: string, entries: readonly FeedEntry[]): void {
    if (entries.length === 0) return;
    const told = entries.map(deltaEntry);
    const waiting = this.#waiting.get(event);
    if (waiting === undefined) {
      this.#sendEntries(event, epoch, told);
      this.#wait(event, epoch);
      return;
    }
    if (waiting.epoch !== epoch) {
      this.#sendEntries(event, waiting.epoch, waiting.entries.splice(0));
      waiting.epoch = epoch;
    }
    waiting.entries.push(...told);
  }

  /** Sends all that waits, now. */
  flush(): void {
    for (const [event, { epoch, entries, cancel }] of this.#waiting) {
      cancel();
      this.#sendEntries(event, epoch, entries);
    }
    this.#waiting.clear();
  }

  #wait(event: EventId, epoch: string): void {
    const cancel = this.#ambient.timers.after(BATCH_MS, () => this.#timeUp(event));
    this.#waiting.set(event, { epoch, entries: [], cancel });
  }

  #timeUp(event: EventId): void {
    const waiting = this.#waiting.get(event);
    this.#waiting.delete(event);
    if (waiting === undefined || waiting.entries.length === 0) return;
    this.#sendEntries(event, waiting.epoch, waiting.entries);
    this.#wait(event, waiting.epoch);
  }

  /** One message, or as many as their readers' size limit asks for. */
  #sendEntries(event: EventId, epoch: string, entries: readonly DeltaEntry[]): void {
    if (entries.length === 0) return;
    const message = encodeDelta({ event, epoch, entries });
    if (message.length <= DELTA_CHARS_MAX) {
      this.#send(message);
    } else if (entries.length > 1) {
      const half = entries.length >> 1;
      this.#sendEntries(event, epoch, entries.slice(0, half));
      this.#sendEntries(event, epoch, entries.slice(half));
    }
    // A single entry beyond the limit is left to the feed, which every reader pulls from.
  }
}
