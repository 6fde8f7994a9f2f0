import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalogue, openSqliteCatalogue } from '@holdfast/db/catalogue';
import { freePort } from '../local/free-port.ts';
import { dataFolder, makeDataFolder } from '../local/launcher/data-folder.ts';
import { buildPage } from '../local/launcher/page-build.ts';
import { createStack, type StackPlan } from '../local/launcher/stack-processes.ts';
import type { Supervised } from '../local/processes/supervise.ts';
import { ensureSigningKeys } from '../runtime/tokens/signing-keys.ts';
import { createTokenIssuer, type TokenIssuer } from '../runtime/tokens/token-issuer.ts';
import type { RedisClock } from './faults/redis-clock.ts';
import type { ProcessDriver } from './processes/process-driver.ts';
import { broughtProcess, supervisedProcess, type TestProcess } from './processes/test-process.ts';
import { startTestRedis, testRedisProgram } from './redis-server.ts';

export type TestStackOptions = {
  /** How many of each; one unless told. */
  readonly apis?: number;
  readonly hubs?: number;
  readonly workers?: number;
  /** Settings of the services by environment name; they win over what the stack would say. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Fills the catalogue before any service starts. */
  readonly prepare?: (catalogue: Catalogue) => Promise<void>;
  /** Builds the page, for tests that open it. */
  readonly page?: boolean;
  /** Keeps the logs in the data folder too, as `npm start` does, for what reads them there. */
  readonly keepsLogs?: boolean;
  /** Programs of the test's own instead of the services; paths. */
  readonly entries?: StackPlan['entries'];
  /**
   * A Redis of the test's own, such as a cluster or one behind Sentinel, which outlives the stack;
   * else the stack starts one server, or with `'cluster'` a cluster, as `npm start` does. One with a
   * clock is started without guardian: its handle is the server itself.
   */
  readonly redis?: 'single' | 'cluster' | { readonly url: string } | { readonly clock: RedisClock };
};

/** The real services in real processes, with everything of their own: folder, ports, Redis, keys. */
export type TestStack = {
  /** `http://localhost:<port>` */
  readonly gatewayUrl: string;
  readonly redisUrl: string;
  readonly catalogueFile: string;
  readonly signingKeysFile: string;
  readonly tokens: TokenIssuer;
  /**
   * The guardian of the stack's own Redis, or the server itself where it has a clock; throws
   * whatever it is asked where the test brought one.
   */
  readonly redis: TestProcess;
  readonly gateway: TestProcess;
  readonly apis: readonly TestProcess[];
  readonly hubs: readonly TestProcess[];
  readonly workers: readonly TestProcess[];
  /** Sentences about processes that died and were started again, and why the stack gave up. */
  troubles(): readonly string[];
  stop(): Promise<void>;
};

/**
 * Starts a stack the way `npm start` does, in a folder that is removed by `stop`. When a process
 * does not come up, everything is stopped and the error tells its reason.
 */
export async function startStack(options: TestStackOptions = {}): Promise<TestStack> {
  const folder = dataFolder(await mkdtemp(join(tmpdir(), 'holdfast-stack-')));
  await makeDataFolder(folder);
  await ensureSigningKeys(folder.signingKeysFile);
  if (options.prepare !== undefined) {
    const catalogue = await openSqliteCatalogue(folder.catalogueFile);
    await options.prepare(catalogue).finally(() => catalogue.close());
  }
  const { redisPlan, clocked } = await redisOf(options.redis ?? 'single');
  const troubles: string[] = [];
  const env = { ...process.env, LOG_LEVEL: 'info', ...options.settings };
  const stack = createStack({
    apis: options.apis ?? 1,
    hubs: options.hubs ?? 1,
    workers: options.workers ?? 1,
    folder,
    gatewayPort: await freePort(),
    pageFolder: options.page ? await buildPage(env, () => undefined) : join(folder.root, 'no-page'),
    origins: [],
    redis: redisPlan,
    env,
    overrides: options.settings ?? {},
    keepsLogs: options.keepsLogs ?? false,
    ...(options.entries === undefined ? {} : { entries: options.entries }),
    report: (line) => troubles.push(line),
    onFailure: (sentence) => troubles.push(sentence),
  });
  const driven: TestProcess[] = [];
  const drive = (process: Supervised): TestProcess => {
    const handle = supervisedProcess(process);
    driven.push(handle);
    return handle;
  };
  const stop = async (): Promise<void> => {
    // One that stands still could not leave in order.
    await Promise.all(driven.map((process) => process.resume()));
    await stack.stop();
    await clocked?.stop();
    await rm(folder.root, { recursive: true, force: true });
  };
  try {
    const { redis, gateway, apis, hubs, workers, ...urls } = await stack.start();
    return {
      ...urls,
      catalogueFile: folder.catalogueFile,
      signingKeysFile: folder.signingKeysFile,
      tokens: createTokenIssuer(folder.signingKeysFile),
      redis: redis === null ? { ...broughtProcess('Redis'), ...clocked?.driver } : drive(redis),
      gateway: drive(gateway),
      apis: apis.map(drive),
      hubs: hubs.map(drive),
      workers: workers.map(drive),
      troubles: () => [...troubles],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type OwnRedis = { readonly driver: ProcessDriver; stop(): Promise<void> };

async function redisOf(wanted: NonNullable<TestStackOptions['redis']>): Promise<{
  readonly redisPlan: StackPlan['redis'];
  readonly clocked: OwnRedis | null;
}> {
  if (typeof wanted === 'string') {
    const program = await testRedisProgram();
    return { redisPlan: { kind: 'own', program, layout: wanted }, clocked: null };
  }
  if ('url' in wanted) return { redisPlan: { kind: 'brought', url: wanted.url }, clocked: null };
  const server = await startTestRedis([], wanted);
  const { url, name, pid, crash, leave, pause, resume, stop } = server;
  return {
    redisPlan: { kind: 'brought', url },
    clocked: { driver: { name, pid, crash, leave, pause, resume }, stop },
  };
}
