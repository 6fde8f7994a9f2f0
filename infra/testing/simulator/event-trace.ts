import type { SimulatedTime } from './simulated-time.ts';

/**
 * All that happened in a run, in its order: kept as a digest only, so that two runs can be compared,
 * and written out line by line where somebody wants to read it.
 */
export type EventTrace = {
  note(who: string, what: string, detail?: string): void;
  /** Of everything noted so far; 16 hex digits. */
  digest(): string;
};

export type TraceSink = (line: string) => void;

export function createEventTrace(
  time: Pick<SimulatedTime, 'nowMs'>,
  sink: TraceSink | null,
): EventTrace {
  let one = 0x811c9dc5;
  let two = 0x9e3779b9;
  const mix = (text: string): void => {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 0x01000193);
      two = Math.imul(two ^ (code + (one >>> 15)), 0x85ebca6b);
    }
  };
  return {
    note: (who, what, detail = '') => {
      // The instant in microseconds takes part by its low and its high half.
      const instant = Math.round(time.nowMs * 1_000);
      one = Math.imul(one ^ (instant & 0xffffffff), 0x01000193);
      two = Math.imul(two ^ Math.floor(instant / 2 ** 32), 0x85ebca6b);
      mix(who);
      mix(what);
      mix(detail);
      sink?.(`${time.nowMs.toFixed(3).padStart(12)} ${who.padEnd(10)} ${what} ${detail}`.trimEnd());
    },
    digest: () => [one, two].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
