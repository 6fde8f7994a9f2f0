/**
 * The one scheduler of a simulation. Whatever happens is a task at an instant; tasks run in the
 * order of their instants (equal ones in the order of their planning), and after each all pending
 * promises get their turn before the next. Nothing else moves, so the same tasks give the same run.
 *
 * Every task runs in an immediate of its own: between two immediates Node empties the promise
 * queue. They are ordered in batches because one turn of the event loop costs more than a task.
 */
export type SimulatedTime = {
  readonly nowMs: number;
  /** Tasks that have run. */
  readonly ran: number;
  /** Plans a task; an instant that has passed means now, after what is planned for now. */
  at(atMs: number, task: () => void): Planned;
  /** Like `at`, but before everything that is planned for that instant by `at`. */
  firstAt(atMs: number, task: () => void): Planned;
  after(delayMs: number, task: () => void): Planned;
  /** Runs all tasks up to the instant; rejects with what a task threw. */
  runUntil(untilMs: number): Promise<void>;
};

/** A planned task; emptying it cancels it. */
export type Planned = { readonly atMs: number; readonly order: number; task: (() => void) | null };

const BATCH = 64;
/** Orders of `firstAt` lie below all of `at`. */
const FIRST_ORDER = -(2 ** 50);

export function createSimulatedTime(): SimulatedTime {
  const heap: Planned[] = [];
  let nowMs = 0;
  let ran = 0;
  let order = 0;

  const plan = (atMs: number, place: number, task: () => void): Planned => {
    order += 1;
    const planned = { atMs: Math.max(nowMs, atMs), order: place + order, task };
    push(heap, planned);
    return planned;
  };
  /** Runs the next task; false when none is left up to the instant. */
  const step = (untilMs: number): boolean => {
    for (;;) {
      const next = heap[0];
      if (next === undefined || next.atMs > untilMs) return false;
      pop(heap);
      const { task } = next;
      if (task === null) continue;
      nowMs = next.atMs;
      ran += 1;
      next.task = null;
      task();
      return true;
    }
  };
  return {
    get nowMs() {
      return nowMs;
    },
    get ran() {
      return ran;
    },
    at: (atMs, task) => plan(atMs, 0, task),
    firstAt: (atMs, task) => plan(atMs, FIRST_ORDER, task),
    after: (delayMs, task) => plan(nowMs + delayMs, 0, task),
    runUntil: (untilMs) =>
      new Promise((resolve, reject) => {
        let over = false;
        const turn = (last: boolean) => (): void => {
          if (over) return;
          try {
            over = !step(untilMs);
          } catch (error) {
            over = true;
            reject(error);
            return;
          }
          if (over) {
            nowMs = Math.max(nowMs, untilMs);
            resolve();
          } else if (last) {
            batch();
          }
        };
        const one = turn(false);
        const lastOne = turn(true);
        const batch = (): void => {
          for (let at = 1; at < BATCH; at += 1) setImmediate(one);
          setImmediate(lastOne);
        };
        batch();
      }),
  };
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Planned[], planned: Planned): void {
  let at = heap.length;
  heap.push(planned);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !isBefore(planned, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = planned;
}

/** Takes the first out of a heap that is not empty. */
function pop(heap: Planned[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let childAt = 2 * at + 1;
    let child = heap[childAt];
    if (child === undefined) break;
    const right = heap[childAt + 1];
    if (right !== undefined && isBefore(right, child)) {
      childAt += 1;
      child = right;
    }
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
}
