import type { Socket } from 'node:net';

/** How bytes travel in one direction. */
export type Pace = {
  /** Every chunk arrives so much later. */
  delayMs: number;
  /** And up to so much later still; order is kept. */
  jitterMs: number;
  bytesPerSecond: number;
};

/** One direction of a connection: chunks leave in order, each at its time. */
export type Lane = {
  send(chunk: Buffer): void;
  stall(isStalled: boolean): void;
  stop(): void;
};

const SECOND_MS = 1_000;

export function openLane(to: Socket, pace: Readonly<Pace>, fraction: () => number): Lane {
  let waiting: { readonly chunk: Buffer; readonly atMs: number }[] = [];
  let freeAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let stalled = false;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (stalled) return;
    while (waiting[0] !== undefined && waiting[0].atMs <= performance.now()) {
      const next = waiting.shift();
      if (next !== undefined && to.writable) to.write(next.chunk);
    }
    const [next] = waiting;
    if (next !== undefined) timer = setTimeout(flush, next.atMs - performance.now());
  };
  return {
    send: (chunk) => {
      const { delayMs, jitterMs, bytesPerSecond } = pace;
      const nowMs = performance.now();
      const travelMs = delayMs + fraction() * jitterMs;
      const widthMs = (chunk.length / bytesPerSecond) * SECOND_MS;
      freeAtMs = Math.max(freeAtMs, nowMs + travelMs) + widthMs;
      waiting.push({ chunk, atMs: freeAtMs });
      flush();
    },
    stall: (isStalled) => {
      stalled = isStalled;
      flush();
    },
    stop: () => {
      waiting = [];
      clearTimeout(timer);
    },
  };
}
