/** The door of the audit: the one judge of an event's story, and the form its evidence takes. */
export { auditEvent, FINDINGS_PER_CODE_MAX } from './audit-event.ts';
export type { AuditEvidence, FeedBase, StoredEvidence, ViewerMap } from './evidence.ts';
export { FINDING_CODES, type Finding, type FindingCode } from './finding.ts';
export { type GatheredParts, gatherEvidence } from './gather-evidence.ts';
export type { Journal, JournalEntry, ToldEnded, ToldHeld, Unsettled } from './journal.ts';
