import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readTotals } from './totals.ts';
import type { Observation } from './verdict.ts';

export type FileRun = {
  /** Absolute, or relative to `root`. */
  readonly path: string;
  readonly root: string;
  /** Flags of Node that the file's workspace asks for. */
  readonly nodeArgs: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs: number;
};

/** How long a process may stay after uvu printed its totals. */
const OPEN_HANDLE_LIMIT_MS = 3_000;
/** Time to write down what keeps it alive. */
const LAST_WORDS_MS = 500;
/** More of a runaway's output is not kept. */
const OUTPUT_CHARS_MAX = 2_000_000;
/** uvu's totals with all their colours are shorter than this. */
const TOTALS_CHARS_MAX = 400;

const PRELOADED = [
  new URL('../../setup/stop-with-parent.mjs', import.meta.url),
  new URL('./name-open-handles.ts', import.meta.url),
];

const running = new Set<ChildProcess>();

/** Runs one test file in a process, and a process group, of its own and watches it to its end. */
export async function runFile(run: FileRun): Promise<Observation> {
  const preloads = PRELOADED.flatMap((url) => ['--import', url.href]);
  const flags = ['--disable-warning=ExperimentalWarning', ...preloads, ...run.nodeArgs];
  const child = spawn(process.execPath, [...flags, run.path], {
    cwd: run.root,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  running.add(child);
  const closed = once(child, 'close');
  let output = '';
  let endedBy: Observation['endedBy'] = 'itself';
  const end = (why: Observation['endedBy']): void => {
    endedBy = why;
    child.kill('SIGUSR2');
    setTimeout(() => killGroup(child), LAST_WORDS_MS);
  };
  const limit = setTimeout(() => end('time-out'), run.limitMs);
  let lingering: NodeJS.Timeout | undefined;
  const keep = (chunk: string): void => {
    if (output.length < OUTPUT_CHARS_MAX) output += chunk;
    const tail = output.slice(-TOTALS_CHARS_MAX - chunk.length);
    if (lingering !== undefined || readTotals(tail).length === 0) return;
    clearTimeout(limit);
    lingering = setTimeout(() => end('open-handle'), OPEN_HANDLE_LIMIT_MS);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  try {
    await once(child, 'exit');
  } finally {
    clearTimeout(limit);
    clearTimeout(lingering);
    running.delete(child);
  }
  // Servers that the file started and forgot go with it; they would hold the output open as well.
  killGroup(child);
  await closed;
  const { exitCode, signalCode: signal } = child;
  return { output, exitCode, signal, endedBy, limitMs: run.limitMs };
}

/** Ends every test process that runs now, with what it started. */
export function killRunningFiles(): void {
  for (const child of running) killGroup(child);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}
