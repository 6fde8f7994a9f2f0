import { isLive } from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** The due index holds exactly the live holds: a held one at its deadline, a confirming one later than it began. */
export function* checkDueIndex(evidence: StoredEvidence): Generator<Finding> {
  for (const [hold, record] of evidence.holds) {
    if (!isLive(record.status)) continue;
    const score = evidence.due.get(hold);
    if (score === undefined) {
      const sentence = `Hold ${hold} is ${record.status} and nobody would ever look at it.`;
      yield { code: 'due.missing', hold, sentence };
      continue;
    }
    const right = record.status === 'held' ? score === record.deadlineMs : score > record.begunAtMs;
    if (!right) {
      const since = record.status === 'held' ? record.deadlineMs : record.begunAtMs;
      const sentence = `Hold ${hold} is ${record.status} with ${since} in its record and ${score} in the index.`;
      yield { code: 'due.wrong-score', hold, sentence };
    }
  }
  const live = new Set<string>();
  for (const [hold, record] of evidence.holds) if (isLive(record.status)) live.add(hold);
  for (const hold of evidence.due.keys()) {
    if (live.has(hold)) continue;
    yield { code: 'due.stray', hold, sentence: `Hold ${hold} is in the due index and not live.` };
  }
}
