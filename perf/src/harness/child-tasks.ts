import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { withinLimit } from './bounded.ts';

/**
 * Load and peers live in processes of their own, so that CPU time can be told apart. The parent
 * asks for a task by name and gets its result; a child ends when its channel to the parent closes.
 */
const question = z.object({ id: z.number(), task: z.string(), input: z.unknown() });
const answer = z.union([
  z.object({ id: z.number(), output: z.unknown() }),
  z.object({ id: z.number(), failure: z.string() }),
]);

export type Tasks = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

/** In the child: answers questions until the parent is gone. */
export function serveTasks(tasks: Tasks): void {
  const serve = async (message: unknown): Promise<void> => {
    const asked = question.safeParse(message);
    if (!asked.success) return;
    const { id, task, input } = asked.data;
    try {
      const run = tasks[task];
      if (run === undefined) throw new Error(`there is no task ${task}`);
      process.send?.({ id, output: await run(input) });
    } catch (error) {
      process.send?.({ id, failure: error instanceof Error ? error.message : String(error) });
    }
  };
  process.on('message', (message) => void serve(message));
  process.on('disconnect', () => process.exit(0));
}

/** In the parent: a child that does tasks. */
export type TaskProcess = {
  readonly pid: number;
  /** Rejects with what the child said, or when it is not done within `limitMs`. */
  ask<T>(task: string, input: unknown, output: z.ZodType<T>, limitMs?: number): Promise<T>;
  stop(): Promise<void>;
};

const TASK_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;

/** Starts the program at `entry` (a file URL). */
export function startTaskProcess(entry: URL): TaskProcess {
  const child = fork(fileURLToPath(entry), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const one of waiting.values()) {
        one.reject(new Error(`a load process ended (${signal ?? `exit code ${code}`})`));
      }
      resolve();
    });
  });
  child.on('message', (message) => {
    const told = answer.safeParse(message);
    if (!told.success) return;
    const one = waiting.get(told.data.id);
    waiting.delete(told.data.id);
    if ('failure' in told.data) one?.reject(new Error(told.data.failure));
    else one?.resolve(told.data.output);
  });
  return {
    pid: child.pid ?? 0,
    ask: async (task, input, output, limitMs = TASK_LIMIT_MS) => {
      asked += 1;
      const reply = Promise.withResolvers<unknown>();
      waiting.set(asked, reply);
      child.send({ id: asked, task, input });
      return output.parse(await withinLimit(reply.promise, limitMs, `task ${task}`));
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(late);
    },
  };
}
