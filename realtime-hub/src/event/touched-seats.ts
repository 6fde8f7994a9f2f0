/** The seats that were touched since the last flush, each once, without an object per seat. */
export class TouchedSeats {
  readonly #seats: Uint32Array;
  readonly #marked: Uint8Array;
  #count: number = 0;

  constructor(seatCount: number) {
    this.#seats = new Uint32Array(seatCount);
    this.#marked = new Uint8Array(seatCount);
  }

  get count(): number {
    return this.#count;
  }

  add(seat: number): void {
    if (this.#marked[seat] !== 0) return;
    this.#marked[seat] = 1;
    this.#seats[this.#count] = seat;
    this.#count += 1;
  }

  addAll(): void {
    this.#marked.fill(1);
    for (let seat = 0; seat < this.#seats.length; seat += 1) this.#seats[seat] = seat;
    this.#count = this.#seats.length;
  }

  /** Ascending; the view lives until the next change. */
  sorted(): Uint32Array {
    return this.#seats.subarray(0, this.#count).sort();
  }

  clear(): void {
    for (let at = 0; at < this.#count; at += 1) this.#marked[this.#seats[at] ?? 0] = 0;
    this.#count = 0;
  }
}
