import { spawn } from 'node:child_process';

/** A tool of the system that failed; the message holds its last words. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code = 'tool.failed';
}

export type ToolOptions = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limitMs: number;
};

const OUTPUT_CHARACTERS_MAX = 1_000_000;
const LAST_WORDS_MAX = 400;

/** Runs a tool to its end and answers what it printed. Throws `ToolError` on failure or time-out. */
export function runTool(
  command: string,
  words: readonly string[],
  options: ToolOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd: options.cwd,
      // Its messages are read, so they must come in one language.
      env: { ...options.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, options.limitMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, OUTPUT_CHARACTERS_MAX);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-LAST_WORDS_MAX);
    });
    child.once('error', (cause) => {
      clearTimeout(limit);
      reject(new ToolError(`${command} could not be run: ${cause.message}`, { cause }));
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      const said = errors.trim() === '' ? '' : `: ${errors.trim()}`;
      if (code === 0) resolve(output);
      else if (isLate) reject(new ToolError(`${command} took over ${options.limitMs / 1_000} s`));
      else reject(new ToolError(`${command} ended with code ${code}${said}`));
    });
  });
}
