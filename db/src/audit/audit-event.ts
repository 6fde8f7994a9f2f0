import { checkBaskets } from './check-baskets.ts';
import { checkDueIndex } from './check-due-index.ts';
import { checkEndedIndex } from './check-ended-index.ts';
import { checkFeedChain } from './check-feed-chain.ts';
import { checkHolds } from './check-holds.ts';
import { checkSeats } from './check-seats.ts';
import { checkToldPositions, checkToldSpans } from './check-told.ts';
import { checkToldEnds } from './check-told-ends.ts';
import { checkViewers } from './check-viewers.ts';
import type { AuditEvidence } from './evidence.ts';
import type { Finding, FindingCode } from './finding.ts';
import { replayFeed } from './replay.ts';

/** A broken map of 70,000 seats is one defect: of each code no more than this many are told. */
export const FINDINGS_PER_CODE_MAX = 50;

/**
 * The one judge of an event, for tests, surges and the operator's page: what clients were told, what
 * the feed says happened and what is stored must be one story. Pure; an empty list means clean.
 */
export function auditEvent(evidence: AuditEvidence): Finding[] {
  const replay = replayFeed(evidence);
  const counts = new Map<FindingCode, number>();
  const findings: Finding[] = [];
  const checks: Iterable<Finding>[] = [
    checkToldSpans(evidence, replay),
    checkToldPositions(evidence),
    checkToldEnds(evidence, replay),
    checkFeedChain(evidence),
    replay.findings,
    checkHolds(evidence, replay),
    checkSeats(evidence, replay),
    checkBaskets(evidence),
    checkDueIndex(evidence),
    checkEndedIndex(evidence),
    checkViewers(evidence),
  ];
  for (const check of checks) {
    for (const finding of check) {
      const count = (counts.get(finding.code) ?? 0) + 1;
      counts.set(finding.code, count);
      if (count <= FINDINGS_PER_CODE_MAX) findings.push(finding);
    }
  }
  return findings;
}
