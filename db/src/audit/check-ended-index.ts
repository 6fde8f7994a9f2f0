import { isLive } from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** Every stored ended hold is in the ended index, or it would never be trimmed; nothing else is. */
export function* checkEndedIndex(evidence: StoredEvidence): Generator<Finding> {
  const over = new Set<string>();
  for (const [hold, record] of evidence.holds) if (!isLive(record.status)) over.add(hold);
  for (const hold of over) {
    if (evidence.ended.has(hold)) continue;
    yield {
      code: 'ended.missing',
      hold,
      sentence: `Ended hold ${hold} is not in the ended index.`,
    };
  }
  for (const hold of evidence.ended.keys()) {
    if (over.has(hold)) continue;
    const sentence = `Hold ${hold} is in the ended index, but no stored hold of this id has ended.`;
    yield { code: 'ended.stray', hold, sentence };
  }
}
