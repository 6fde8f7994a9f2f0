import { nextChain } from '../model/door.ts';
import type { StoredEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** Offsets grow by one, each chain is the hash of the one before and the record, the last is the head. */
export function* checkFeedChain(evidence: StoredEvidence): Generator<Finding> {
  let { offset, chain } = evidence.base;
  for (const entry of evidence.feed) {
    if (entry.offset !== offset + 1) {
      const sentence = `After offset ${offset} the feed goes on with ${entry.offset}.`;
      yield { code: 'feed.gap', sentence };
    }
    const lineOffset = entry.line.slice(0, entry.line.indexOf('|'));
    const right = nextChain(chain, entry.line);
    if (entry.prev !== chain || entry.chain !== right || lineOffset !== `${entry.offset}`) {
      const sentence = `Record ${entry.offset} says ${entry.prev} -> ${entry.chain}; the record before it and its text make ${chain} -> ${right}.`;
      yield { code: 'feed.chain-broken', sentence };
    }
    // Going on from what the entry says keeps one defect from being told once for every later record.
    ({ offset, chain } = entry);
  }
  const head = evidence.position;
  if (head.offset !== offset || head.chain !== chain) {
    const sentence = `The event stands at ${head.offset} ${head.chain}, its feed ends at ${offset} ${chain}.`;
    yield { code: 'feed.head-differs', sentence };
  }
}
