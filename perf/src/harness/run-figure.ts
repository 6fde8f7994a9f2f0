import { withinLimit } from './bounded.ts';
import type { Figure, FigureResult } from './figure.ts';

/** How a figure ended. Only `measured` has numbers; a failed check keeps them for the search. */
export type FigureEnd = {
  readonly name: string;
  readonly title: string;
  readonly tookMs: number;
} & (
  | { readonly outcome: 'measured' | 'failed'; readonly result: FigureResult }
  | { readonly outcome: 'broken'; readonly why: string }
);

/** What an aborted figure gets to stop its processes. */
const CLEAN_UP_MS = 20_000;

/** Runs one figure within its limit and judges its checks. Never throws. */
export async function runFigure(
  figure: Figure,
  parts: {
    readonly quick: boolean;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<FigureEnd> {
  const { name, title } = figure;
  const startedMs = performance.now();
  const took = (): number => Math.round(performance.now() - startedMs);
  const late = AbortSignal.timeout(figure.limitMs);
  const signal = AbortSignal.any([parts.signal, late]);
  const running = figure.run({ ...parts, signal });
  try {
    const result = await withinLimit(running, figure.limitMs + CLEAN_UP_MS, `figure ${name}`);
    const passed = result.checks.length > 0 && result.checks.every((check) => check.passed);
    return { name, title, tookMs: took(), outcome: passed ? 'measured' : 'failed', result };
  } catch (error) {
    return {
      name,
      title,
      tookMs: took(),
      outcome: 'broken',
      why: parts.signal.aborted ? 'It was interrupted.' : sentenceOf(error, late.aborted),
    };
  }
}

function sentenceOf(error: unknown, late: boolean): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return late ? `It did not end within its time limit (${message}).` : message;
}
