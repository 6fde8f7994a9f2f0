import type { SaleState } from '@holdfast/db/model';
import { type Decoded, isCount, isEpoch, isPlainObject, readable, unreadable } from './decoded.ts';
import { SECTIONS_MAX } from './limits.ts';
import { type HubRefusal, readHubRefusal } from './refusal.ts';
import { isSaleState } from './sale.ts';

/**
 * The answer to `watch`: where the hub is and, for each watched section, how to get there.
 * `current` also goes to a viewer that is ahead of its hub in the same epoch: it is never taken
 * back, the hub will come after it.
 */
export type WatchAnswer = {
  readonly outcome: 'watching';
  readonly epoch: string;
  readonly offset: number;
  /** Identifies the geometry; another hash than the page's means: fetch the chart anew. */
  readonly chartHash: string;
  readonly seatCount: number;
  readonly sale: SaleState;
  /** As in `truth.ts`. */
  readonly reached: boolean;
  readonly sections: readonly SectionAnswer[];
};

/** Payloads as in `seat-payload.ts`; `changes` = every seat touched after the offset that was sent. */
export type SectionAnswer =
  | readonly [section: number, kind: 'current']
  | readonly [section: number, kind: 'changes' | 'full', payload: string];

export type WatchReply = WatchAnswer | HubRefusal;

const HASH_CHARS_MAX = 128;
const SEATS_MAX = 10_000_000;

/** Reads what a hub answered; payloads stay text until the viewer applies them. */
export function readWatchReply(value: unknown): Decoded<WatchReply> {
  const refusal = readHubRefusal(value);
  if (refusal !== null) return readable(refusal);
  if (!isPlainObject(value) || value['outcome'] !== 'watching')
    return unreadable('no watch answer');
  const { epoch, offset, chartHash, seatCount, sale, reached, sections } = value;
  if (!isEpoch(epoch) || !isCount(offset)) return unreadable('position of the answer');
  if (typeof chartHash !== 'string' || chartHash.length > HASH_CHARS_MAX) {
    return unreadable('chart hash of the answer');
  }
  if (!isCount(seatCount, SEATS_MAX) || !isSaleState(sale)) return unreadable('state of the event');
  if (typeof reached !== 'boolean') return unreadable('truth of the answer');
  if (!Array.isArray(sections) || sections.length > SECTIONS_MAX) {
    return unreadable('sections of the answer');
  }
  const answers: SectionAnswer[] = [];
  for (const section of sections) {
    const answer = readSectionAnswer(section);
    if (answer === null) return unreadable('a section of the answer');
    answers.push(answer);
  }
  return readable({
    outcome: 'watching',
    epoch,
    offset,
    chartHash,
    seatCount,
    sale,
    reached,
    sections: answers,
  });
}

function readSectionAnswer(value: unknown): SectionAnswer | null {
  if (!Array.isArray(value)) return null;
  // An array of unknown shape: each element is tested below.
  const [section, kind, payload] = value as unknown[];
  if (!isCount(section, SECTIONS_MAX - 1)) return null;
  if (kind === 'current') return [section, kind];
  if ((kind !== 'changes' && kind !== 'full') || typeof payload !== 'string') return null;
  return [section, kind, payload];
}
