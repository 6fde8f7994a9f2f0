import type { SeatChange } from './hold-calls.ts';

type Wish = 'add' | 'drop';

/**
 * What the shopper wants of seats beyond the hold: gathered until the next request, then sent and
 * waiting for an answer. A seat tapped twice before it was sent is as if it was never tapped.
 */
export class SeatWishes {
  readonly #gathered = new Map<string, Wish>();
  readonly #sent = new Map<string, Wish>();

  /** Whether there is something to send. */
  get waiting(): boolean {
    return this.#gathered.size > 0;
  }

  /** Whether the seat will be in the basket if all goes well; `has`: whether it is in the hold. */
  wants(label: string, has: boolean): boolean {
    const wish = this.#gathered.get(label) ?? this.#sent.get(label);
    return wish === undefined ? has : wish === 'add';
  }

  toggle(label: string, has: boolean): void {
    const next: Wish = this.wants(label, has) ? 'drop' : 'add';
    const sent = this.#sent.get(label);
    const asIs = sent === undefined ? (has ? 'add' : 'drop') : sent;
    if (next === asIs) this.#gathered.delete(label);
    else this.#gathered.set(label, next);
  }

  /** How many seats the basket will have if all goes well. */
  countFrom(held: readonly string[]): number {
    const labels = new Set([...held, ...this.#sent.keys(), ...this.#gathered.keys()]);
    let count = 0;
    for (const label of labels) if (this.wants(label, held.includes(label))) count += 1;
    return count;
  }

  /** Moves what was gathered into one change of the hold, leaving out what it has already. */
  send(held: readonly string[]): SeatChange {
    for (const [label, wish] of this.#gathered) {
      if ((wish === 'add') !== held.includes(label)) this.#sent.set(label, wish);
    }
    this.#gathered.clear();
    const of = (wanted: Wish): string[] =>
      [...this.#sent].filter(([, wish]) => wish === wanted).map(([label]) => label);
    return { add: of('add'), drop: of('drop') };
  }

  /** The answer to what was sent has come. */
  answered(): void {
    this.#sent.clear();
  }

  /** Gathers a refused change once more; a later wish for the same seat stands. */
  again(change: SeatChange): void {
    for (const label of change.add)
      if (!this.#gathered.has(label)) this.#gathered.set(label, 'add');
    for (const label of change.drop)
      if (!this.#gathered.has(label)) this.#gathered.set(label, 'drop');
  }

  /** Forgets what was not sent yet. */
  forget(): void {
    this.#gathered.clear();
  }

  /** What to show as under way. */
  shown(): { readonly adding: readonly string[]; readonly dropping: readonly string[] } {
    const all = new Map([...this.#sent, ...this.#gathered]);
    const of = (wanted: Wish): string[] =>
      [...all].filter(([, wish]) => wish === wanted).map(([label]) => label);
    return { adding: of('add'), dropping: of('drop') };
  }
}
