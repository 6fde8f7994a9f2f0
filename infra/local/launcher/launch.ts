import { openSqliteCatalogue } from '@holdfast/db/catalogue';
import { seedDemoEvents } from '@holdfast/db/charts';
import type { EventId } from '@holdfast/db/model';
import type { Settings } from '../../runtime/config/read-settings.ts';
import { ensureSigningKeys } from '../../runtime/tokens/signing-keys.ts';
import { REDIS_UNPACK_FOLDER } from '../checkout.ts';
import { freePort, isPortFree, LOOPBACK } from '../free-port.ts';
import { endLeftOvers } from '../redis/guarded-redis.ts';
import { provideRedisServer } from '../redis/provide-redis.ts';
import { majorVersion } from '../redis/redis-program.ts';
import { checkBroughtRedis } from './brought-redis.ts';
import { type DataFolder, forgetData, makeDataFolder } from './data-folder.ts';
import { type FolderLock, takeFolderLock } from './folder-lock.ts';
import { LaunchError } from './launch-error.ts';
import { buildPage } from './page-build.ts';
import { untilHoldsWouldSucceed } from './ready-check.ts';
import { readRunning } from './running-file.ts';
import type { StackPlan, StackProcesses } from './stack-processes.ts';

export type LauncherSettings = Settings<'launcher'>;

type Report = (line: string) => void;

const LEFT_OVER_LIMIT_MS = 10_000;
/** The first with sharded channels and with a port of one's own for the bus between nodes. */
const CLUSTER_VERSION_LEAST = 7;

/** Takes the data folder until the lock is released; throws `LaunchError` when another start has it. */
export async function claimDataFolder(
  folder: DataFolder,
  settings: LauncherSettings,
): Promise<FolderLock> {
  await makeDataFolder(folder);
  const lock = takeFolderLock(folder.launcherLock);
  if (lock === null) {
    const other = await readRunning(folder.runningFile);
    const where = other === null ? '' : ` (process ${other.pid}, ${other.url})`;
    throw new LaunchError(
      'launch.already-running',
      `Holdfast already runs on the data folder ${settings.dataFolder}${where}; stop it first, or choose another folder with --data.`,
    );
  }
  if (settings.fresh && settings.broughtRedisUrl !== null) {
    throw new LaunchError(
      'launch.fresh-on-brought-redis',
      'With --fresh Holdfast would have to empty the Redis server of REDIS_URL, which is yours; empty it yourself, or leave out one of the two.',
    );
  }
  if (settings.fresh) {
    // A server that stayed would not be known again by a folder that is gone.
    for (const layout of ['single', 'cluster'] as const) {
      await endLeftOvers({
        layout,
        folder: folder.redisFolders[layout],
        portFile: folder.redisPortFiles[layout],
        stopLimitMs: LEFT_OVER_LIMIT_MS,
      });
    }
    await forgetData(folder);
  }
  return lock;
}

/** The port of the gateway; throws `LaunchError` when it is taken or not ours to take. */
export async function choosePort(wanted: number): Promise<number> {
  if (wanted === 0) return freePort();
  const isFree = await isPortFree(wanted, LOOPBACK).catch((cause: unknown) => {
    throw new LaunchError(
      'launch.port-forbidden',
      `Port ${wanted} cannot be used by you; choose another one, for example: npm start -- --port 8081`,
      { cause },
    );
  });
  if (isFree) return wanted;
  throw new LaunchError(
    'launch.port-busy',
    `Port ${wanted} is in use by another program; stop it or choose another one, for example: npm start -- --port ${wanted + 1}`,
  );
}

/** Everything the processes need before the first of them starts. */
export async function prepareStack(
  settings: LauncherSettings,
  parts: {
    readonly folder: DataFolder;
    readonly gatewayPort: number;
    readonly env: StackPlan['env'];
    readonly report: Report;
    readonly onFailure: (sentence: string) => void;
  },
): Promise<{ plan: StackPlan; events: readonly EventId[] }> {
  const { folder, env, report } = parts;
  // First, since it may fail: nothing is built or created for a stack that cannot start.
  const redis = await chooseRedis(settings, env, report);
  const [pageFolder, events] = await Promise.all([
    buildPage(env, report),
    prepareCatalogue(folder, report),
    ensureSigningKeys(folder.signingKeysFile),
  ]);
  const plan: StackPlan = {
    ...parts,
    apis: settings.apis,
    hubs: settings.hubs,
    workers: settings.workers,
    pageFolder,
    origins: settings.allowedOrigins,
    redis,
    env: {
      ...env,
      LOG_LEVEL: settings.logLevel,
      LOCK_REDIS_URLS: settings.lockRedisUrls.join(','),
    },
    keepsLogs: true,
  };
  return { plan, events };
}

async function chooseRedis(
  settings: LauncherSettings,
  env: StackPlan['env'],
  report: Report,
): Promise<StackPlan['redis']> {
  if (settings.broughtRedisUrl !== null) {
    await checkBroughtRedis(settings.broughtRedisUrl, report);
    return { kind: 'brought', url: settings.broughtRedisUrl };
  }
  const program = await provideRedisServer({
    chosen: settings.redisServer,
    env,
    unpackFolder: REDIS_UNPACK_FOLDER,
    report,
  });
  const layout = settings.redisLayout;
  const version = layout === 'cluster' ? await majorVersion(program, env) : null;
  if (version !== null && version < CLUSTER_VERSION_LEAST) {
    throw new LaunchError(
      'launch.redis-too-old',
      `A cluster needs Redis ${CLUSTER_VERSION_LEAST} or newer, and ${program} is version ${version}; name a newer one with REDIS_SERVER, or start without --redis cluster.`,
    );
  }
  return { kind: 'own', program, layout };
}

/** Creates the demo events in an empty catalogue; answers the events that are on sale. */
async function prepareCatalogue(folder: DataFolder, report: Report): Promise<readonly EventId[]> {
  const catalogue = await openSqliteCatalogue(folder.catalogueFile);
  try {
    const created = await seedDemoEvents(catalogue, { nowMs: Date.now() });
    for (const event of created) {
      report(
        `Created the demo event "${event.name}" with ${event.seatCount.toLocaleString('en')} seats.`,
      );
    }
    const events = await catalogue.listEvents();
    return events.filter((event) => event.sale === 'open').map((event) => event.id);
  } finally {
    await catalogue.close();
  }
}

/** Waits until holds would succeed at every API. */
export async function awaitReadiness(
  processes: StackProcesses,
  events: readonly EventId[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const ports = processes.apis.map((api) => api.current()?.port ?? 0);
  await untilHoldsWouldSucceed({ apiPorts: ports, events, report, signal });
}
