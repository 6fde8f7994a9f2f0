import type { Serializable } from 'node:child_process';
import type { ReadyMessage } from '../../runtime/lifecycle/service.ts';
import { type ChildPlan, type StackChild, startChild } from './child-process.ts';
import { createProcessLog, type ProcessLog } from './process-log.ts';
import { createRestartRule } from './restart-rule.ts';

/** A child that is started again when it dies, until it dies too often. */
export type Supervised = {
  readonly name: string;
  readonly log: ProcessLog;
  /** Settles with the first start; rejects with `ProcessFailedError`. */
  readonly firstReady: Promise<ReadyMessage>;
  /** What the present life told when it was ready; null while there is none. */
  current(): ReadyMessage | null;
  /** 0 while there is no life. */
  pid(): number;
  send(message: Serializable): void;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

export type SupervisedPlan = Omit<ChildPlan, 'log'> & {
  readonly logFile: string | null;
  /** SIGKILL comes this long after SIGTERM. */
  readonly stopLimitMs: number;
  /** False where a successor would not be the same: the first unexpected end is then final. */
  readonly restarts?: boolean;
  /** Called after each start that succeeded, and when a life ended. */
  readonly onChange: () => void;
  /** A line for a person about an unexpected end. */
  readonly report: (line: string) => void;
  /** It died too often; the sentence says how. */
  readonly onGiveUp: (sentence: string) => void;
};

export function supervise(plan: SupervisedPlan): Supervised {
  const log = createProcessLog(plan.logFile);
  const nextPause = createRestartRule(() => performance.now());
  let life: StackChild | null = null;
  let told: ReadyMessage | null = null;
  let stopping = false;
  let pause: NodeJS.Timeout | undefined;

  const begin = (): Promise<ReadyMessage> => {
    const child = startChild({ ...plan, log });
    life = child;
    const ready = child.ready.then((message) => {
      told = message;
      plan.onChange();
      return message;
    });
    ready.catch(() => child.kill('SIGKILL'));
    return ready;
  };

  const watch = (child: StackChild): void => {
    void child.ended.then((how) => {
      life = null;
      told = null;
      if (stopping) return;
      plan.onChange();
      again(how);
    });
  };

  const again = (how: string): void => {
    const failure = log.lastFailure();
    const why = failure === null ? how : `${how}: ${failure}`;
    const pauseMs = plan.restarts === false ? null : nextPause();
    if (pauseMs === null) {
      const often = plan.restarts === false ? 'unexpectedly' : 'too often';
      plan.onGiveUp(`${plan.name} stopped ${often} (${why}).`);
      return;
    }
    plan.report(`${plan.name} stopped unexpectedly (${why}); starting it again in ${pauseMs} ms.`);
    pause = setTimeout(() => {
      // A start that fails ends its process, and that is what `watch` looks for.
      begin().catch(() => undefined);
      if (life !== null) watch(life);
    }, pauseMs);
  };

  const firstReady = begin();
  const first = life;
  // Until the first start succeeded a failure is the caller's to judge, not one to try again.
  firstReady.then(
    () => first !== null && watch(first),
    () => undefined,
  );
  return {
    name: plan.name,
    log,
    firstReady,
    current: () => told,
    pid: () => life?.pid ?? 0,
    send: (message) => life?.send(message),
    kill: (signal) => life?.kill(signal),
    stop: async () => {
      stopping = true;
      clearTimeout(pause);
      await life?.stop(plan.stopLimitMs);
      log.close();
    },
  };
}
