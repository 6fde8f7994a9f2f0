import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What the operating system says of a process; a dead one that nobody collected yet is gone too. */
export type ProcessState = 'runs' | 'stopped' | 'gone';

/**
 * A signal that was sent is not one that took effect: a process stands still only when each of its
 * threads does. Read from /proc, or told by `ps` where there is none (macOS).
 */
export async function processState(pid: number): Promise<ProcessState> {
  if (pid === 0) return 'gone';
  const letters = existsSync('/proc/self/task') ? await ofThreads(pid) : await ofProcess(pid);
  if (letters.length === 0 || letters.every((letter) => /[ZX]/i.test(letter))) return 'gone';
  return letters.every((letter) => /[TZX]/i.test(letter)) ? 'stopped' : 'runs';
}

async function ofThreads(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch(() => []);
  // A thread may end between the two reads.
  const stats = await Promise.all(
    threads.map((thread) => readFile(`${folder}/${thread}/stat`, 'utf8').catch(() => '')),
  );
  // The state follows the name in brackets, which may hold anything.
  return stats.flatMap((stat) => stat.slice(stat.lastIndexOf(')') + 2).slice(0, 1) || []);
}

async function ofProcess(pid: number): Promise<string[]> {
  const told = promisify(execFile)('ps', ['-o', 'stat=', '-p', `${pid}`]);
  const text = await told.then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return text === '' ? [] : [text.slice(0, 1)];
}
