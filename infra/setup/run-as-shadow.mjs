import { spawn } from 'node:child_process';
import process from 'node:process';

/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * One Ctrl-C arrives twice: from the terminal and from npm, which forwards its own. Within this
 * time they count as one; a second press later goes through.
 */
const SAME_PRESS_MS = 400;

/** How often we look whether npm, which started us, is still there; a killed npm tells nobody. */
const PARENT_LOOK_MS = 500;

/**
 * Runs a program and stands in for it: signals that we get are passed on, its exit code becomes
 * ours, and if a signal ended it, the same signal ends us.
 *
 * @param {string} program
 * @param {readonly string[]} words
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<void>} settles when the program ended and `process.exitCode` is set
 * @throws {Error} when the program cannot be started; `cause` says why
 */
export async function runAsShadow(program, words, options) {
  const end = await runForwardingSignals(program, words, options);
  if (end.signal === null) process.exitCode = end.code ?? 1;
  else process.kill(process.pid, end.signal);
}

/**
 * @param {string} program
 * @param {readonly string[]} words
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
export function runForwardingSignals(program, words, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, options);
    let forwardedAtMs = Number.NEGATIVE_INFINITY;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      const nowMs = performance.now();
      if (nowMs - forwardedAtMs < SAME_PRESS_MS) return;
      forwardedAtMs = nowMs;
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const parent = process.ppid;
    const orphaned = setInterval(() => {
      if (process.ppid !== parent) forward('SIGTERM');
    }, PARENT_LOOK_MS);
    const settle = () => {
      clearInterval(orphaned);
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (cause) => {
      settle();
      reject(new Error(`${program} could not be started: ${cause.message}`, { cause }));
    });
    child.once('exit', (code, signal) => {
      settle();
      resolve({ code, signal });
    });
  });
}
