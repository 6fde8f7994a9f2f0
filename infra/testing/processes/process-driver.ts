import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.ts';
import { processState } from './process-state.ts';
import { guardStopped } from './stopped-process-guard.ts';

/**
 * Does to a process what machines do: it dies without a word, stands still for longer than anybody
 * waits for it, and goes on as if no time had passed. Each verb resolves when that is a fact, as the
 * operating system tells it. A process that is left stopped by a test, however the test ended, goes
 * on by itself or is killed (`stopped-process-guard.ts`).
 */
export type ProcessDriver = {
  readonly name: string;
  /** 0 while it is not running. */
  pid(): number;
  /** `kill -9`, also of a stopped one. Throws when it is not running: nothing would be tested. */
  crash(): Promise<void>;
  /** Asks it to leave (SIGTERM) and resolves when it is gone. Throws when it is not running. */
  leave(): Promise<void>;
  /**
   * Stops it (SIGSTOP) and resolves when it stands still; with `forMs` it then stands still that
   * long, and the promise resolves when it goes on. Throws when it is not running.
   */
  pause(forMs?: number): Promise<void>;
  /** Lets it go on and resolves when it does; does nothing to one that is not stopped or is gone. */
  resume(): Promise<void>;
};

/** What is driven; another life of it may have another pid. */
export type DrivenProcess = {
  readonly name: string;
  pid(): number;
  kill(signal: NodeJS.Signals): void;
};

/** A service that is asked to leave first finishes what it began. */
const END_LIMIT_MS = 30_000;

export function driveProcess(target: DrivenProcess): ProcessDriver {
  let guard: { readonly pid: number; readonly dismiss: () => void } | null = null;
  const dismiss = (): void => {
    guard?.dismiss();
    guard = null;
  };
  const living = (): number => {
    const pid = target.pid();
    if (pid === 0) throw new Error(`${target.name} is not running`);
    return pid;
  };
  const stop = async (): Promise<number> => {
    const pid = living();
    dismiss();
    guard = { pid, dismiss: guardStopped(pid) };
    target.kill('SIGSTOP');
    await until(`${target.name} stands still`, async () => (await processState(pid)) !== 'runs');
    return pid;
  };
  const goOn = async (): Promise<void> => {
    const pid = target.pid();
    if (pid !== 0) {
      target.kill('SIGCONT');
      await until(`${target.name} goes on`, async () => (await processState(pid)) !== 'stopped');
    }
    dismiss();
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const pid = living();
    target.kill(signal);
    const isGone = async (): Promise<boolean> =>
      target.pid() !== pid && (await processState(pid)) === 'gone';
    await until(`${target.name} is gone`, isGone, END_LIMIT_MS);
    if (guard?.pid === pid) dismiss();
  };
  return {
    name: target.name,
    pid: () => target.pid(),
    crash: () => end('SIGKILL'),
    leave: () => end('SIGTERM'),
    pause: async (forMs) => {
      const pid = await stop();
      if (forMs === undefined) return;
      await sleep(forMs);
      // Somebody may have let it go on, or ended it, meanwhile.
      if (target.pid() === pid) await goOn();
    },
    resume: goOn,
  };
}

/** A child of this process, for `driveProcess`: it has one life. */
export function childProcess(name: string, child: ChildProcess): DrivenProcess {
  return {
    name,
    pid: () => (child.exitCode === null && child.signalCode === null ? (child.pid ?? 0) : 0),
    kill: (signal) => {
      child.kill(signal);
    },
  };
}
