import type { AuditEvidence } from '../../src/audit/door.ts';
import { type FeedEntry, isLive, nextChain } from '../../src/model/door.ts';

/** Spoils one thing in honest evidence; null where this evidence has nothing of the kind. */
export type Corruption = (evidence: AuditEvidence, fraction: () => number) => AuditEvidence | null;

/** Named ways in which an event may go wrong; each must be found in whatever story it is put. */
export const CORRUPTIONS: Readonly<Record<string, Corruption>> = {
  'a seat of the map flipped': (evidence, fraction) => {
    const seat = Math.floor(fraction() * evidence.seatCount);
    const map = evidence.map.with(seat, ((evidence.map[seat] ?? 0) + 1) % 4);
    return { ...evidence, map };
  },
  'a holder lost': (evidence, fraction) => {
    const seat = pick([...evidence.holders.keys()], fraction);
    if (seat === null) return null;
    return { ...evidence, holders: without(evidence.holders, seat) };
  },
  'a live hold lost': (evidence, fraction) => {
    const live = [...evidence.holds].filter(([, hold]) => isLive(hold.status));
    const hold = pick(live, fraction);
    return hold && { ...evidence, holds: without(evidence.holds, hold[0]) };
  },
  'a hold taken from the due index': (evidence, fraction) => {
    const hold = pick([...evidence.due.keys()], fraction);
    return hold === null ? null : { ...evidence, due: without(evidence.due, hold) };
  },
  'a viewer one change behind': (evidence) => {
    const stale = evidence.feed.at(-1)?.line.split('|')[3]?.split(':')[0];
    if (stale === undefined || stale === '') return null;
    const seat = Number(stale);
    const map = evidence.map.with(seat, ((evidence.map[seat] ?? 0) + 1) % 4);
    return { ...evidence, viewers: [{ name: 'late', from: 0, map }] };
  },
  'a record that changed a seat dropped and the rest chained anew': (evidence, fraction) => {
    const changing = evidence.feed.filter(({ line }) => line.split('|')[3] !== '');
    const dropped = pick(changing, fraction);
    if (dropped === null) return null;
    const kept = evidence.feed.filter((entry) => entry !== dropped);
    return rechained(evidence, kept);
  },
  'an end told twice and chained anew': (evidence) => {
    const at = evidence.feed.findIndex((entry) => entry.line.includes('|expire|'));
    const twin = evidence.feed[at];
    return twin === undefined ? null : rechained(evidence, evidence.feed.toSpliced(at, 0, twin));
  },
  'a record changed in place': (evidence, fraction) => {
    const chosen = pick(evidence.feed, fraction);
    if (chosen === null) return null;
    const changed = { ...chosen, line: chosen.line.replace('|test|', '|nobody|') };
    return {
      ...evidence,
      feed: evidence.feed.map((entry) => (entry === chosen ? changed : entry)),
    };
  },
};

function pick<T>(list: readonly T[], fraction: () => number): T | null {
  return list[Math.floor(fraction() * list.length)] ?? null;
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> {
  return new Map([...map].filter(([other]) => other !== key));
}

/** The same records as a forger would write them: offsets and chain fit again, also at the head. */
function rechained(evidence: AuditEvidence, kept: readonly FeedEntry[]): AuditEvidence {
  let { offset, chain } = evidence.base;
  const feed = kept.map((entry) => {
    const prev = chain;
    offset += 1;
    const line = `${offset}${entry.line.slice(entry.line.indexOf('|'))}`;
    chain = nextChain(prev, line);
    return { offset, prev, chain, line };
  });
  return { ...evidence, journals: [], feed, position: { ...evidence.position, offset, chain } };
}
