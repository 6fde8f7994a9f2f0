/**
 * What a process runs. `runMain` calls each at most once, in this order, and bounds every wait.
 *
 * - `run` resolves when the service serves (it may also resolve only at its end);
 * - `drain` takes no new work and finishes what is in hand;
 * - `stop` lets go of everything: servers, sockets, clients, timers.
 *
 * `drain` may be cut short by its limit, `stop` is always called after it.
 */
export interface Service {
  run(): Promise<void>;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** Sent to the parent process once the service serves. A port is 0 where there is none. */
export type ReadyMessage = {
  readonly ready: true;
  readonly port: number;
  readonly adminPort: number;
  /** Where it is reached, when a port alone does not say so. */
  readonly url?: string | undefined;
};
