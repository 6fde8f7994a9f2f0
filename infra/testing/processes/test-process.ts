import { LOOPBACK } from '../../local/free-port.ts';
import type { Supervised } from '../../local/processes/supervise.ts';
import { until } from '../until.ts';
import { driveProcess, type ProcessDriver } from './process-driver.ts';

/** One process of the stack. It is started again when it dies; a handle stays the same. */
export type TestProcess = ProcessDriver & {
  /** `http://127.0.0.1:<port>`; throws while it is not ready. */
  url(): string;
  /** Where /healthz, /readyz and /metrics are; throws while it is not ready. */
  adminUrl(): string;
  /** Resolves when it runs and says that it is ready, as after a crash or a pause. */
  ready(): Promise<void>;
  /** What it printed last, oldest line first. */
  logs(): readonly string[];
};

/** A restart waits up to 8 s, and the start itself may meet a machine that is busy. */
const READY_LIMIT_MS = 60_000;
/** One that stands still takes the question and never answers. */
const ASK_LIMIT_MS = 1_000;

export function supervisedProcess(process: Supervised): TestProcess {
  const url = (which: 'port' | 'adminPort'): string => {
    const ready = process.current();
    if (ready === null) throw new Error(`${process.name} is not running`);
    return `http://${LOOPBACK}:${ready[which]}`;
  };
  const isReady = async (): Promise<boolean> => {
    const ready = process.current();
    if (ready === null || ready.adminPort === 0) return ready !== null;
    const signal = AbortSignal.timeout(ASK_LIMIT_MS);
    const answer = await fetch(`${url('adminPort')}/readyz`, { signal }).catch(() => null);
    return answer?.ok ?? false;
  };
  return {
    ...driveProcess(process),
    url: () => url('port'),
    adminUrl: () => url('adminPort'),
    ready: async () => {
      await until(`${process.name} is ready`, isReady, READY_LIMIT_MS);
    },
    logs: () => process.log.lines(),
  };
}

/** Stands where the stack's own Redis would: a test that brought one handles it by itself. */
export function broughtProcess(name: string): TestProcess {
  const none = (): never => {
    throw new Error(`the test brought this ${name} and handles it by itself`);
  };
  return {
    ...{ name, pid: none, url: none, adminUrl: none, logs: none },
    ...{ crash: none, leave: none, pause: none, resume: none, ready: none },
  };
}
