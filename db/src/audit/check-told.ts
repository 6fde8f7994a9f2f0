import type { AuditEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Replay } from './replay.ts';
import { type ToldSpan, toldSpans } from './told-span.ts';

/** No two clients were told at the same moment that the same seat is theirs (I1). */
export function* checkToldSpans(
  { journals }: AuditEvidence,
  { givenBack }: Replay,
): Generator<Finding> {
  const bySeat = Map.groupBy(
    toldSpans(journals, givenBack),
    (span) => `${span.epoch} ${span.seat}`,
  );
  for (const spans of bySeat.values()) {
    spans.sort((a, b) => a.fromMs - b.fromMs);
    let last: ToldSpan | undefined;
    for (const span of spans) {
      if (last !== undefined && span.fromMs < last.untilMs) {
        const sentence = `Seat ${span.seat} was told to ${last.client} (${last.hold}) until ${last.untilMs} and to ${span.client} (${span.hold}) from ${span.fromMs} on (I1).`;
        yield { code: 'told.overlap', seat: span.seat, hold: span.hold, sentence };
      }
      // The longer of the two goes on, or a short span in between would hide a later overlap.
      if (last === undefined || span.untilMs > last.untilMs) last = span;
    }
  }
}

/** What a client was told stands in the feed at the position it was told with. */
export function* checkToldPositions(evidence: AuditEvidence): Generator<Finding> {
  const chains = new Map<number, string>([[evidence.base.offset, evidence.base.chain]]);
  for (const entry of evidence.feed) chains.set(entry.offset, entry.chain);
  for (const { client, entries } of evidence.journals) {
    for (const entry of entries) {
      if (entry.kind !== 'held') continue;
      const { hold, position } = entry;
      const before = position.offset < evidence.base.offset;
      if (position.epoch !== evidence.position.epoch || before) continue;
      if (chains.get(position.offset) !== position.chain) {
        const sentence = `${client} was told of hold ${hold} at ${position.offset} ${position.chain}, which the feed does not have.`;
        yield { code: 'told.not-in-feed', hold, sentence };
      }
    }
  }
}
