import { auditEvent, gatherEvidence, type ViewerMap } from '@holdfast/db/audit';
import type { EventId, FeedEntry } from '@holdfast/db/model';
import type { RedisConnection } from '@holdfast/db/redis';
import { readStoredEvent } from '@holdfast/db/redis';
import type { Check } from '../harness/figure.ts';

/** The whole story of an event, judged: one holder a seat, one end a hold, chain, maps. */
export async function auditCheck(
  redis: RedisConnection,
  event: EventId,
  parts: { readonly archived?: readonly FeedEntry[]; readonly viewers?: readonly ViewerMap[] } = {},
): Promise<Check> {
  const findings = auditEvent(
    gatherEvidence({ ...parts, stored: await readStoredEvent(redis, event) }),
  );
  const [first] = findings;
  if (first === undefined) return { what: `the audit of ${event} is clean`, passed: true };
  const what = `the audit of ${event} has ${findings.length} findings, first ${JSON.stringify(first)}`;
  return { what, passed: false };
}
