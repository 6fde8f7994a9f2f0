import { type Ambient, sleep } from '@holdfast/db/model';
import { seededFraction, type TestStack } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';
import type { OpenShow } from '../../testing/open-show.ts';
import { enter } from '../../testing/sale/random-sale.ts';
import type { Tally } from '../../testing/sale/tally.ts';

/**
 * Seats that nobody may get, whatever Redis forgets: blocked ones, which the catalogue knows as it
 * will know the booked ones.
 */
export type SoldSeats = {
  readonly labels: readonly string[];
  /** The rest of the show: of these seats the operator and the shoppers of the sale choose. */
  readonly rest: OpenShow;
};

/** Blocks every so manieth seat of the show. */
export async function sellOut(show: OpenShow, everyNth: number): Promise<SoldSeats> {
  const isSold = (at: number): boolean => at % everyNth === 0;
  const labels = show.labels.filter((_, at) => isSold(at));
  const rest = { ...show, labels: show.labels.filter((_, at) => !isSold(at)) };
  const body = { seats: [...labels], chartHash: show.chartHash };
  const answer = await show.operator.call('blockSeats', { params: { event: show.id }, body });
  assert.is(answer.kind, 'done');
  return { labels, rest };
}

export const SOLD = 'place sold';
const HUNTERS = 4;
const PAUSE_MS = 50;

/** Shoppers who want nothing but those seats, if there are any, until told to stop. */
export async function huntSold(parts: {
  readonly stack: TestStack;
  readonly show: OpenShow;
  readonly sold?: SoldSeats;
  readonly ambient: Ambient;
  readonly tally: Tally;
  readonly seed: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { stack, show, sold, ambient, tally, signal } = parts;
  if (sold === undefined) return;
  const hunt = async (number: number): Promise<void> => {
    const fraction = seededFraction(parts.seed - number);
    const hunter = await enter({ stack, show }, `hunter-${number}`);
    while (!signal.aborted) {
      const label = sold.labels[Math.floor(fraction() * sold.labels.length)] ?? '';
      tally.count(SOLD, await hunter.place([label]));
      await sleep(ambient.timers, PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: HUNTERS }, (_, at) => hunt(at + 1)));
}
