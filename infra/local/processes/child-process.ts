import { fork, type Serializable } from 'node:child_process';
import { z } from 'zod';
import type { ReadyMessage } from '../../runtime/lifecycle/service.ts';
import type { ProcessLog } from './process-log.ts';

/** A child that did not become ready. The message is one sentence that repeats its own reason. */
export class ProcessFailedError extends Error {
  override readonly name = 'ProcessFailedError';
  readonly code = 'process.failed';
}

/** One life of a child process of the stack. */
export type StackChild = {
  readonly pid: number;
  /** Rejects with `ProcessFailedError` when it ended before, or took longer than allowed. */
  readonly ready: Promise<ReadyMessage>;
  /** Resolves when the process is gone, with how it ended in words. */
  readonly ended: Promise<string>;
  send(message: Serializable): void;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when it is not gone within `limitMs`. */
  stop(limitMs: number): Promise<void>;
};

export type ChildPlan = {
  /** As a person reads it: `api-1`. */
  readonly name: string;
  /** The `main.ts` to run. */
  readonly entry: string;
  readonly words?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: ProcessLog;
  readonly readyLimitMs: number;
};

const readyMessage = z.object({
  ready: z.literal(true),
  port: z.number().int().nonnegative(),
  adminPort: z.number().int().nonnegative(),
  url: z.string().optional(),
});

const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/**
 * Starts a child with an IPC channel. The channel is its life line: it stops by itself when the
 * channel closes, however this process ended. It gets a process group of its own, since Ctrl-C
 * goes to the whole group of the terminal and would end all children at once, out of order.
 */
export function startChild(plan: ChildPlan): StackChild {
  const child = fork(plan.entry, [...(plan.words ?? [])], {
    env: { ...plan.env },
    execArgv: NODE_FLAGS,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => plan.log.write(text));
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const ready = new Promise<ReadyMessage>((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(
        new ProcessFailedError(`${plan.name} was not ready within ${plan.readyLimitMs / 1_000} s.`),
      );
    }, plan.readyLimitMs);
    const settle = (): void => clearTimeout(limit);
    child.on('message', (message) => {
      const parsed = readyMessage.safeParse(message);
      if (!parsed.success) return;
      settle();
      resolve(parsed.data);
    });
    void ended.then((how) => {
      settle();
      const why = plan.log.lastFailure() ?? 'it gave no reason';
      reject(new ProcessFailedError(`${plan.name} could not start (${how}): ${why}`));
    });
  });
  // Whoever needs it awaits it; a failure after that is told by `ended`.
  ready.catch(() => undefined);
  const kill = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    kill,
    send: (message) => {
      // A child that is just ending misses the message; its successor gets a fresh one.
      if (child.connected) child.send(message, () => undefined);
    },
    stop: async (limitMs) => {
      kill('SIGTERM');
      const late = setTimeout(() => kill('SIGKILL'), limitMs);
      await ended;
      clearTimeout(late);
    },
  };
}
