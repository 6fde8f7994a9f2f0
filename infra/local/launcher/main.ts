import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { wantsHelp } from '../../runtime/config/command-line.ts';
import { processSource, readSettings } from '../../runtime/config/read-settings.ts';
import { settingsHelp } from '../../runtime/config/settings-help.ts';
import { describeError } from '../../runtime/logger.ts';
import { startCrowd } from '../crowd/start-crowd.ts';
import type { Supervised } from '../processes/supervise.ts';
import { CLUSTER_NODES } from '../redis/form-cluster.ts';
import { watchBroughtRedis } from './brought-redis.ts';
import { type DataFolder, dataFolder } from './data-folder.ts';
import {
  awaitReadiness,
  choosePort,
  claimDataFolder,
  type LauncherSettings,
  prepareStack,
} from './launch.ts';
import { LaunchError } from './launch-error.ts';
import { removeRunning, writeRunning } from './running-file.ts';
import { createStack, type Stack } from './stack-processes.ts';

/**
 * `npm start`. Prepares what is missing, starts Redis, APIs, hubs, workers and the gateway as
 * processes of their own, says one line when a hold would succeed, and stays until it is asked to
 * stop or cannot go on. Whatever goes wrong is told in one sentence; details go to the log.
 */
const say = (line: string): void => console.log(line);

async function launch(settings: LauncherSettings, folder: DataFolder): Promise<number> {
  const stopAsked = new AbortController();
  const failed = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopAsked.abort());
  }
  const asked = new Promise<null>((resolve) => {
    stopAsked.signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const lock = await claimDataFolder(folder, settings);
  let stack: Stack | undefined;
  let crowd: Supervised | undefined;
  let endWatch = (): void => undefined;
  const lead = async (): Promise<void> => {
    const gatewayPort = await choosePort(settings.gatewayPort);
    const { plan, events } = await prepareStack(settings, {
      folder,
      gatewayPort,
      env: processSource().env,
      report: say,
      onFailure: failed.resolve,
    });
    if (stopAsked.signal.aborted) throw new LaunchError('launch.stopped', 'Holdfast was stopped.');
    const isCluster = plan.redis.kind === 'own' && plan.redis.layout === 'cluster';
    const redis = isCluster ? `a Redis cluster of ${CLUSTER_NODES} servers` : 'Redis';
    say(
      `Starting ${redis}, ${plan.apis} API, ${plan.hubs} hub, ${plan.workers} worker and the gateway …`,
    );
    stack = createStack(plan);
    if (plan.redis.kind === 'brought') {
      endWatch = await watchBroughtRedis(plan.redis.url, failed.resolve);
    }
    const processes = await stack.start();
    await awaitReadiness(processes, events, say, stopAsked.signal);
    const { gatewayUrl: url, redisUrl } = processes;
    await writeRunning(folder.runningFile, { pid: process.pid, url, redisUrl });
    say(`Holdfast is ready: ${url}`);
    if (settings.crowd > 0) {
      const logFile = join(folder.logsFolder, 'crowd.log');
      crowd = startCrowd({
        count: settings.crowd,
        baseUrl: url,
        env: plan.env,
        logFile,
        report: say,
      });
    }
  };
  try {
    const started = lead();
    // After a stop was asked for, whatever the start still runs into is no news.
    started.catch(() => undefined);
    const early = await Promise.race([started.then(() => 'ready' as const), asked, failed.promise]);
    const end = early === 'ready' ? await Promise.race([asked, failed.promise]) : early;
    if (end === null) say('Stopping …');
    else console.error(`${end} Holdfast stops; the files in ${folder.logsFolder} say more.`);
    return end === null ? 0 : 1;
  } finally {
    endWatch();
    await crowd?.stop();
    await stack?.stop();
    await removeRunning(folder.runningFile);
    lock.release();
  }
}

function tellFailure(error: unknown, folder: DataFolder | null): void {
  const message = error instanceof Error ? error.message : String(error);
  console.error(message.split('\n')[0]);
  if (folder === null) return;
  try {
    const line = JSON.stringify({ time: new Date().toISOString(), ...describeError(error) });
    appendFileSync(join(folder.logsFolder, 'launcher.log'), `${line}\n`, { mode: 0o600 });
  } catch {
    // The sentence on the screen has to do where no file can be written.
  }
}

async function main(): Promise<number> {
  const source = processSource();
  if (wantsHelp(source.argv)) {
    say(settingsHelp('launcher', 'npm start -- [flags]'));
    return 0;
  }
  let folder: DataFolder | null = null;
  try {
    const settings = readSettings('launcher', source);
    folder = dataFolder(settings.dataFolder);
    return await launch(settings, folder);
  } catch (error) {
    tellFailure(error, folder);
    return 1;
  }
}

process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.exit(await main());
