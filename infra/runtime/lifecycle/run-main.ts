import type { Ambient } from '@holdfast/db/model';
import { wantsHelp } from '../config/command-line.ts';
import { processSource, readSettings, type Settings } from '../config/read-settings.ts';
import { SettingError } from '../config/setting-error.ts';
import { settingsHelp } from '../config/settings-help.ts';
import { createLogger, type Logger } from '../logger.ts';
import { realAmbient } from '../real-ambient.ts';
import type { ReadyMessage, Service } from './service.ts';
import { createEnding } from './service-ending.ts';

export type ServiceProgram = 'api' | 'hub' | 'worker' | 'gateway';

/** What a service is built from. */
export type MainContext<P extends ServiceProgram> = {
  readonly settings: Settings<P>;
  readonly logger: Logger;
  readonly ambient: Ambient;
  /** Tells the parent process, where there is one, that requests are served now. */
  announceReady(ports: { readonly port: number; readonly adminPort: number }): void;
  /** Ends the process in order with a failure: something it cannot live without is gone. */
  fail(error: unknown): void;
};

const STOP_LIMIT_MS = 5_000;

/**
 * Runs a service as this process: reads its settings, builds it, runs it, and ends it in order on
 * SIGTERM, SIGINT or when the parent that started it is gone (its IPC channel closes, also when
 * the parent was killed with -9). Exit code 0 after a clean end; 1 when it could not start, did
 * not end within its limits or met an error that nobody handled, with one line that says why.
 */
export function runMain<P extends ServiceProgram>(
  program: P,
  build: (context: MainContext<P>) => Promise<Service>,
): void {
  const source = processSource();
  if (wantsHelp(source.argv)) {
    console.log(settingsHelp(program, `node main.ts [flags]   (${program})`));
    return;
  }
  ignoreBrokenPipes();
  let settings: Settings<P>;
  try {
    settings = readSettings(program, source);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    disconnectFromParent();
    return;
  }
  // Every service program reads these two rows, which a type over the open parameter cannot show.
  const { logLevel, drainLimitMs } = settings as unknown as Settings<ServiceProgram>;
  const logger = createLogger(program, logLevel);
  const limits = { drainLimitMs, stopLimitMs: STOP_LIMIT_MS };
  runService(logger, limits, (context) => build({ ...context, settings }));
}

type RunContext = Pick<
  MainContext<ServiceProgram>,
  'logger' | 'ambient' | 'announceReady' | 'fail'
>;

function runService(
  logger: Logger,
  limits: { drainLimitMs: number; stopLimitMs: number },
  build: (context: RunContext) => Promise<Service>,
): void {
  const ambient = realAmbient();
  const ended = Promise.withResolvers<{ reason: string; failed: boolean }>();
  const fail = (error: unknown): void => {
    logger.fatal({ err: error }, error instanceof Error ? error.message : 'failed');
    ended.resolve({ reason: 'failure', failed: true });
  };
  const crash = (error: unknown): void => {
    // The state behind an unhandled error is unknown: nothing is drained, the process just goes.
    logger.fatal({ err: error }, 'an error nobody handled; exiting');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  const ask = (reason: string) => (): void => ended.resolve({ reason, failed: false });
  process.on('SIGTERM', ask('SIGTERM'));
  process.on('SIGINT', ask('SIGINT'));
  process.on('disconnect', ask('the parent process is gone'));
  const announceReady = (ports: { port: number; adminPort: number }): void => {
    logger.info(ports, 'ready');
    const message: ReadyMessage = { ready: true, ...ports };
    // Without the callback a parent that died meanwhile would surface as an unhandled error.
    process.send?.(message, undefined, undefined, () => undefined);
  };
  const lead = async (): Promise<void> => {
    const service = await build({ logger, ambient, announceReady, fail });
    service.run().catch(fail);
    const { reason, failed } = await ended.promise;
    const end = createEnding(service, { timers: ambient.timers, logger, limits });
    const { clean } = await end(reason);
    process.exit(clean && !failed ? 0 : 1);
  };
  lead().catch((error: unknown) => {
    logger.fatal({ err: error }, error instanceof Error ? error.message : 'could not start');
    process.exit(1);
  });
}

/** A reader that went away must not end a service before it drained. */
function ignoreBrokenPipes(): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

/** An open IPC channel would keep a process alive that has nothing to do. */
function disconnectFromParent(): void {
  if (process.connected) process.disconnect();
}
