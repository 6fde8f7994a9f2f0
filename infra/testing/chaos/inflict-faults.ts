import { sleep } from '@holdfast/db/model';
import type { Tally } from '../sale/tally.ts';
import { FAULTS, type Fault, type FaultParts, inflict } from './faults.ts';

/** On average one fault begins in this time. */
const PERIOD_MS = 1_500;

/**
 * Faults one upon the other for `durationMs`: every kind comes once before any comes again, in an
 * order and at instants that the seed decides. Resolves when all that began is over. A fault that
 * could not be done or ended is the harness's failure, and rejects.
 */
export async function inflictFaults(
  parts: FaultParts & { readonly durationMs: number; readonly tally: Tally },
): Promise<void> {
  const { ambient, fraction, tally, durationMs } = parts;
  const endMs = ambient.clock.monotonicMs() + durationMs;
  const underWay: Promise<void>[] = [];
  let deck: Fault[] = [];
  for (;;) {
    await sleep(ambient.timers, 2 * fraction() * PERIOD_MS);
    if (ambient.clock.monotonicMs() >= endMs) break;
    if (deck.length === 0) deck = shuffled(FAULTS, fraction);
    const fault = deck.pop();
    if (fault === undefined) break;
    const deed = inflict(fault, parts).then((happened) => {
      tally.count('fault', happened ? fault : `${fault}: nobody left`);
    });
    deed.catch(() => undefined); // told below
    underWay.push(deed);
  }
  await Promise.all(underWay);
}

function shuffled(faults: readonly Fault[], fraction: () => number): Fault[] {
  const keyed = faults.map((fault) => ({ fault, key: fraction() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ fault }) => fault);
}
