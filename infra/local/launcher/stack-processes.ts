import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { LOOPBACK } from '../free-port.ts';
import type { UpstreamsMessage } from '../gateway/upstreams.ts';
import { type Supervised, type SupervisedPlan, supervise } from '../processes/supervise.ts';
import type { RedisLayout, RedisPlan } from '../redis/guarded-redis.ts';
import type { DataFolder } from './data-folder.ts';
import { LaunchError } from './launch-error.ts';
import { serviceEnvironment } from './service-environment.ts';

/** How a stack is made up. */
export type StackPlan = {
  readonly apis: number;
  readonly hubs: number;
  readonly workers: number;
  readonly folder: DataFolder;
  readonly gatewayPort: number;
  readonly pageFolder: string;
  /** Web origins besides the gateway's own. */
  readonly origins: readonly string[];
  readonly redis:
    | { readonly kind: 'own'; readonly program: string; readonly layout: RedisLayout }
    | { readonly kind: 'brought'; readonly url: string };
  /** The environment that services get; the stack's own values win. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings of a test's own that win even over those. */
  readonly overrides?: Readonly<Record<string, string | undefined>>;
  readonly keepsLogs: boolean;
  /** Programs of a test's own instead of the services; paths. */
  readonly entries?: Partial<Record<StackRole, string>>;
  readonly report: (line: string) => void;
  /** The stack cannot go on; whoever started it should stop it. */
  readonly onFailure: (sentence: string) => void;
};

/** The running parts. The lists keep their length and order; processes come and go behind them. */
export type StackProcesses = {
  readonly gatewayUrl: string;
  readonly redisUrl: string;
  readonly redis: Supervised | null;
  readonly apis: readonly Supervised[];
  readonly hubs: readonly Supervised[];
  readonly workers: readonly Supervised[];
  readonly gateway: Supervised;
};

export type Stack = {
  /** Resolves when every process is ready. Rejects with one sentence; call `stop` then too. */
  start(): Promise<StackProcesses>;
  /** Gateway, APIs, hubs, workers, Redis, each within its limit. Idempotent, also during `start`. */
  stop(): Promise<void>;
};

const READY_LIMIT_MS = 30_000;
const REDIS_READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 10_000;
const REDIS_STOP_LIMIT_MS = 10_000;
const GUARDIAN_STOP_LIMIT_MS = 15_000;

type StackRole = 'api' | 'hub' | 'worker' | 'gateway' | 'redis';

const ENTRIES: Readonly<Record<StackRole, string>> = {
  api: 'booking-api/src/main.ts',
  hub: 'realtime-hub/src/main.ts',
  worker: 'expiry-worker/src/main.ts',
  gateway: 'infra/local/gateway/main.ts',
  redis: 'infra/local/redis/guardian.ts',
};

type Begin = (
  role: StackRole,
  name: string,
  parts: Pick<SupervisedPlan, 'env'> & Partial<SupervisedPlan>,
) => Supervised;

export function createStack(plan: StackPlan): Stack {
  /** In the order they were started; stopping goes backwards. */
  const groups: Supervised[][] = [];
  let stopping: Promise<void> | undefined;
  const begin: Begin = (role, name, parts) => {
    if (stopping !== undefined) throw new LaunchError('launch.stopped', 'Holdfast was stopped.');
    return supervise({
      name,
      entry: plan.entries?.[role] ?? join(CHECKOUT, ENTRIES[role]),
      logFile: plan.keepsLogs ? join(plan.folder.logsFolder, `${name}.log`) : null,
      readyLimitMs: READY_LIMIT_MS,
      stopLimitMs: STOP_LIMIT_MS,
      onChange: () => undefined,
      report: plan.report,
      onGiveUp: plan.onFailure,
      ...parts,
    });
  };
  return {
    start: async () => {
      if (plan.redis.kind === 'brought') {
        return { redis: null, ...(await startServices(plan, plan.redis.url, groups, begin)) };
      }
      const redis = beginRedis(plan, plan.redis, begin);
      groups.push([redis]);
      const { url = '' } = await redis.firstReady;
      return { redis, ...(await startServices(plan, url, groups, begin)) };
    },
    stop: () => {
      stopping ??= stopBackwards(groups);
      return stopping;
    },
  };
}

function beginRedis(
  plan: StackPlan,
  { program, layout }: StackPlan['redis'] & { readonly kind: 'own' },
  begin: Begin,
): Supervised {
  const { redisFolders, redisLock, redisPortFiles } = plan.folder;
  const words: RedisPlan & { readonly lockFile: string } = {
    ...{ layout, program, lockFile: redisLock },
    folder: redisFolders[layout],
    portFile: redisPortFiles[layout],
    readyLimitMs: REDIS_READY_LIMIT_MS,
    stopLimitMs: REDIS_STOP_LIMIT_MS,
  };
  return begin('redis', 'redis', {
    words: [JSON.stringify(words)],
    env: plan.env,
    readyLimitMs: REDIS_READY_LIMIT_MS,
    stopLimitMs: GUARDIAN_STOP_LIMIT_MS,
    // Its successor would listen elsewhere and may know less: the stack stops instead.
    restarts: false,
  });
}

async function startServices(
  plan: StackPlan,
  redisUrl: string,
  groups: Supervised[][],
  begin: Begin,
): Promise<Omit<StackProcesses, 'redis'>> {
  const gatewayUrl = `http://localhost:${plan.gatewayPort}`;
  const env = serviceEnvironment(plan.env, {
    redisUrl,
    folder: plan.folder,
    // An origin names no default port, so that --port 80 fits as well.
    origins: [
      new URL(gatewayUrl).origin,
      new URL(`http://${LOOPBACK}:${plan.gatewayPort}`).origin,
      ...plan.origins,
    ],
    overrides: plan.overrides ?? {},
  });
  let gateway: Supervised | undefined;
  const onChange = (): void => gateway?.send(upstreamsOf(apis, hubs));
  const many = (role: 'api' | 'hub' | 'worker', count: number): Supervised[] => {
    const group: Supervised[] = [];
    groups.push(group);
    for (let at = 1; at <= count; at += 1) {
      group.push(begin(role, `${role}-${at}`, { env, onChange }));
    }
    return group;
  };
  const workers = many('worker', plan.workers);
  const hubs = many('hub', plan.hubs);
  const apis = many('api', plan.apis);
  await Promise.all([...workers, ...hubs, ...apis].map((process) => process.firstReady));
  const gatewayEnv = { ...env, PORT: `${plan.gatewayPort}`, PAGE_FOLDER: plan.pageFolder };
  gateway = begin('gateway', 'gateway', { env: gatewayEnv, onChange });
  groups.push([gateway]);
  await gateway.firstReady;
  return { gatewayUrl, redisUrl, apis, hubs, workers, gateway };
}

/** A group may still be added by a start that is under way; `begin` refuses from then on. */
async function stopBackwards(groups: readonly Supervised[][]): Promise<void> {
  for (const group of groups.toReversed()) {
    await Promise.all(group.map((process) => process.stop()));
  }
}

function upstreamsOf(apis: readonly Supervised[], hubs: readonly Supervised[]): UpstreamsMessage {
  const ports = (group: readonly Supervised[]): number[] =>
    group.map((process) => process.current()?.port ?? 0).filter((port) => port !== 0);
  return { upstreams: { apis: ports(apis), hubs: ports(hubs) } };
}
