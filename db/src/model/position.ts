/**
 * A place in an event's life. `epoch` is one life of the feed (microseconds of its birth, as a
 * decimal string, so it only grows), `offset` counts transitions that changed a seat, `chain` is a
 * hash over the feed up to that record. Same epoch and offset but another chain means that Redis
 * came back older and went another way.
 */
export type Position = {
  readonly epoch: string;
  readonly offset: number;
  readonly chain: string;
};

/** The chain before the first record: 16 zeros. */
export const GENESIS_CHAIN = '0'.repeat(16);

/** Stands where an event has no Redis state yet. */
export const NOWHERE: Position = { epoch: '0', offset: 0, chain: GENESIS_CHAIN };

export function samePosition(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.offset === b.offset && a.chain === b.chain;
}

/** Orders epochs, which are decimal strings beyond 2^53. Negative when `a` is older. */
export function compareEpochs(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
