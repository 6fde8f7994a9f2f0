import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Spin turns the model into a C program, pan, that goes through every state. */
const MODEL = join(import.meta.dirname, '../../model/booking.pml');

const BUILD_LIMIT_MS = 30_000;
export const SEARCH_LIMIT_MS = 60_000;
const MEMORY_LIMIT_MB = 1_000;
/** Longest path of the search; pan says when that was too short. */
const DEPTH_MAX = 10_000;
/** Weak fairness is counted for 32 processes a word, less two, and one word more. */
const FAIRNESS_WORDS = 3;

export type Question = {
  /** Names for the model, such as `NO_MARKER` or `SEATS=1`. */
  readonly defines?: readonly string[];
  /** Assertions in every state, or that an answer comes on every path on which all keep moving. */
  readonly about: 'assertions' | 'answers';
  readonly depthMax?: number;
  /** The search is short: compile fast instead of well. */
  readonly short?: boolean;
};

export type Finding = {
  /** What is violated, in pan's words, or null. */
  readonly violation: string | null;
  /** Whether the search saw all there is; after a violation it stops. */
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly memoryMb: number;
  readonly seconds: number;
  /** Branches that were taken, where the model was built with WITNESSES. */
  readonly occurred: ReadonlySet<string>;
  readonly output: string;
};

/** Builds and runs pan in a folder of its own, which goes when the search is over. */
export async function checkModel(question: Question): Promise<Finding> {
  const answers = question.about === 'answers';
  const defines = [...(question.defines ?? []), ...(answers ? ['LIVENESS'] : [])];
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-spin-'));
  const build = { folder, limitMs: BUILD_LIMIT_MS };
  try {
    await run(build, 'spin', [...defines.map((name) => `-D${name}`), '-a', MODEL]);
    const search = answers ? [`-DNFAIR=${FAIRNESS_WORDS}`] : ['-DSAFETY', '-DNOFAIR'];
    const settings = [...search, `-DMEMLIM=${MEMORY_LIMIT_MB}`];
    // Warnings would speak of Spin, not of the model. More than -O1 costs more than it brings.
    await run(build, 'gcc', [
      question.short ? '-O0' : '-O1',
      '-w',
      ...settings,
      '-o',
      'pan',
      'pan.c',
    ]);
    const depth = `-m${question.depthMax ?? DEPTH_MAX}`;
    const flags = answers ? ['-a', '-f', depth] : [depth];
    const startedMs = performance.now();
    const output = await run({ folder, limitMs: SEARCH_LIMIT_MS }, './pan', flags);
    return readFinding(output, performance.now() - startedMs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readFinding(output: string, tookMs: number): Finding {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  const violation = /^pan:\d+: (.+) \(at depth \d+\)$/m.exec(output)?.[1] ?? null;
  const errors = number(/errors: (\d+)/);
  const cut = /not completed|search depth too small|out of memory|hash table full/i.test(output);
  if (Number.isNaN(errors) || errors > 0 !== (violation !== null)) {
    throw new Error(`pan did not say what it found:\n${output}`);
  }
  return {
    violation,
    complete: violation === null && !cut,
    states: number(/^\s*([\d.e+]+) states, stored/m),
    transitions: number(/^\s*([\d.e+]+) transitions/m),
    memoryMb: number(/([\d.]+)\s+total actual memory usage/),
    seconds: tookMs / 1_000,
    occurred: new Set([...output.matchAll(/^occurs: (.+)$/gm)].map(([, what = '']) => what)),
    output,
  };
}

type Bounds = { readonly folder: string; readonly limitMs: number };

async function run(bounds: Bounds, program: string, words: readonly string[]): Promise<string> {
  const child = spawn(program, words, {
    cwd: bounds.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: bounds.limitMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const keep = (chunk: string): void => {
    output += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code === null) throw new Error(`${program} still ran after ${bounds.limitMs} ms\n${output}`);
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output}`);
  return output;
}
