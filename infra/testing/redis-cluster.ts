import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { LOOPBACK } from '../local/free-port.ts';
import { startCluster } from '../local/redis/cluster-processes.ts';
import { PRIMARIES } from '../local/redis/form-cluster.ts';
import { childProcess, driveProcess, type ProcessDriver } from './processes/process-driver.ts';
import { testRedisProgram } from './redis-server.ts';
import { stallReplicas } from './stall-replicas.ts';

/** A Redis Cluster of the test's own: three primaries and a replica of each. */
export type TestCluster = {
  /** `redis+cluster://…` with all nodes. */
  readonly url: string;
  /** The first three began as primaries; node `at + 3` as the replica of node `at`. */
  readonly nodes: readonly TestClusterNode[];
  /** A client that knows all nodes already, and that the test closes itself. */
  connect(): Promise<Cluster>;
  /** Which node is the primary of this key now, as the nodes that are left see it. */
  primaryOf(key: string): Promise<number>;
  /** What this primary writes from now on reaches no replica any more, though clients notice nothing. */
  stallReplicas(at: number): Promise<void>;
  /** Kills a node with -9; resolves when it is gone. */
  kill(at: number): Promise<void>;
  stop(): Promise<void>;
};

export type TestClusterNode = ProcessDriver & {
  readonly port: number;
  readonly process: ChildProcess;
  /** A client of this node alone, that the test closes itself. */
  connect(): Redis;
};

const READY_LIMIT_MS = 30_000;
/** Short, so that a failover takes seconds; long enough for a machine that is busy with tests. */
const NODE_TIMEOUT_MS = 2_000;

export async function startTestCluster(settings: readonly string[] = []): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-cluster-'));
  const { nodes: processes, url } = await startCluster({
    program: await testRedisProgram(),
    ...{ folder, settings, keeps: 'nothing' },
    nodeTimeoutMs: NODE_TIMEOUT_MS,
    readyLimitMs: READY_LIMIT_MS,
  });
  const nodes = processes.map(({ port, child }, at) => ({
    ...driveProcess(childProcess(`node ${at}`, child)),
    port,
    process: child,
    connect: () => new Redis({ port, host: LOOPBACK }),
  }));
  const end = async (at: number): Promise<void> => {
    const node = processes[at];
    // One that was stopped with SIGSTOP is killed all the same.
    node?.child.kill('SIGKILL');
    await node?.ended;
  };
  return {
    url,
    nodes,
    connect: async () => {
      const addresses = nodes.map(({ port }) => ({ host: LOOPBACK, port }));
      const cluster = new Cluster(addresses, { lazyConnect: true });
      cluster.on('error', () => undefined); // tests kill nodes; what matters is what comes after
      await cluster.connect();
      return cluster;
    },
    primaryOf: (key) => primaryOf(nodes, key),
    stallReplicas: (at) => asNode(nodes[at], stallReplicas),
    kill: end,
    stop: async () => {
      await Promise.all(nodes.map((_, at) => end(at)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The index of the primary whose replica is node `at`, in the order in which the cluster began. */
export function partnerOf(at: number): number {
  return (at + PRIMARIES) % (2 * PRIMARIES);
}

async function primaryOf(nodes: readonly TestClusterNode[], key: string): Promise<number> {
  for (const node of nodes) {
    if (node.process.exitCode !== null || node.process.signalCode !== null) continue;
    const found = await asNode(node, async (redis) => {
      const slot = Number(await redis.cluster('KEYSLOT', key));
      const ranges = await redis.cluster('SLOTS');
      const range = ranges.find(([from, to]) => Number(from) <= slot && slot <= Number(to));
      return nodes.findIndex(({ port }) => port === Number(portIn(range?.[2])));
    });
    if (found >= 0) return found;
  }
  throw new Error(`no node knows who has ${key}`);
}

/** A node in the answer to CLUSTER SLOTS: `[host, port, id, …]`. */
function portIn(node: unknown): unknown {
  return Array.isArray(node) ? node[1] : undefined;
}

async function asNode<T>(
  node: TestClusterNode | undefined,
  task: (redis: Redis) => Promise<T>,
): Promise<T> {
  if (node === undefined) throw new RangeError('there is no such node');
  const redis = node.connect();
  redis.on('error', () => undefined); // the command itself fails then
  try {
    return await task(redis);
  } finally {
    redis.disconnect();
  }
}
