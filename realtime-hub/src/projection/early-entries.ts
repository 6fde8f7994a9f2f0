import type { DeltaEntry } from '../emitter/delta.ts';

/** More entries than this ahead of their turn are not kept: the feed has them. */
const EARLY_MAX = 2_000;

/**
 * Entries that came before the one they continue. They wait, by epoch and previous chain, until
 * the chain reaches them or the feed has told the same.
 */
export class EarlyEntries {
  readonly #waiting = new Map<string, DeltaEntry>();

  get size(): number {
    return this.#waiting.size;
  }

  keep(epoch: string, entry: DeltaEntry): void {
    if (this.#waiting.size < EARLY_MAX) this.#waiting.set(key(epoch, entry.prev), entry);
  }

  /** The entry that continues this chain, which then waits no more. */
  take(epoch: string, chain: string): DeltaEntry | undefined {
    if (this.#waiting.size === 0) return undefined;
    const next = key(epoch, chain);
    const entry = this.#waiting.get(next);
    if (entry !== undefined) this.#waiting.delete(next);
    return entry;
  }

  /** Forgets what another epoch said and what `offset` covers already. */
  prune(epoch: string, offset: number): void {
    const mine = key(epoch, '');
    for (const [name, entry] of this.#waiting) {
      if (entry.offset <= offset || !name.startsWith(mine)) this.#waiting.delete(name);
    }
  }
}

function key(epoch: string, prev: string): string {
  return `${epoch}:${prev}`;
}
