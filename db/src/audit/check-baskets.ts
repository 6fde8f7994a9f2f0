import { isLive } from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** Each live hold is its owner's basket, and no basket is left behind by a hold that has ended. */
export function* checkBaskets(evidence: StoredEvidence): Generator<Finding> {
  const live = new Map<string, string>();
  for (const [hold, { owner, status }] of evidence.holds) {
    if (isLive(status)) live.set(`${owner}/${hold}`, hold);
  }
  for (const [entry, hold] of live) {
    if (evidence.owned.has(entry)) continue;
    yield {
      code: 'owned.missing',
      hold,
      sentence: `Hold ${hold} is live and not its owner's basket.`,
    };
  }
  for (const entry of evidence.owned) {
    if (live.has(entry)) continue;
    const hold = entry.slice(entry.indexOf('/') + 1);
    yield { code: 'owned.stray', hold, sentence: `Hold ${hold} is a basket and not live.` };
  }
}
