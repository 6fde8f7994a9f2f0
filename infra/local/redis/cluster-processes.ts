import { join } from 'node:path';
import { CLUSTER_NODES, formCluster } from './form-cluster.ts';
import { type RedisProcess, type RedisProcessOptions, startRedisProcess } from './redis-process.ts';

/** A cluster on this machine: six servers, each with a folder of its own. */
export type ClusterProcesses = {
  /** The first three began as primaries; node `at + 3` as the replica of node `at`. */
  readonly nodes: readonly RedisProcess[];
  /** The form that settings take: every node is named, since any of them may be away. */
  readonly url: string;
};

export type ClusterOptions = Pick<
  RedisProcessOptions,
  'program' | 'keeps' | 'settings' | 'readyLimitMs' | 'signal'
> & {
  readonly folder: string;
  /** A node that is silent this long is taken for dead, and its replica for its successor. */
  readonly nodeTimeoutMs: number;
  /** Told of the port of each node before it is started. */
  readonly onPort?: (at: number, port: number) => void;
};

/** The folder of one node's data. */
export function nodeFolder(folder: string, at: number): string {
  return join(folder, `node-${at + 1}`);
}

/** Starts the servers and resolves when they are one cluster. When one does not come, none stays. */
export async function startCluster(options: ClusterOptions): Promise<ClusterProcesses> {
  const { readyLimitMs } = options;
  const starts = Array.from({ length: CLUSTER_NODES }, (_, at) => startNode(options, at));
  const settled = await Promise.allSettled(starts);
  const nodes = settled.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  try {
    for (const start of settled) if (start.status === 'rejected') throw start.reason;
    await formCluster(nodes, readyLimitMs);
  } catch (error) {
    for (const { child } of nodes) child.kill('SIGKILL');
    await Promise.all(nodes.map(({ ended }) => ended));
    throw error;
  }
  return { nodes, url: clusterUrl(nodes.map(({ port }) => port)) };
}

/** Starts one of the servers, also as the next life of one that died. */
export function startNode(options: ClusterOptions, at: number): Promise<RedisProcess> {
  const { program, keeps, settings, readyLimitMs, signal, onPort } = options;
  return startRedisProcess({
    ...{ program, keeps, readyLimitMs },
    folder: nodeFolder(options.folder, at),
    clusterNodeTimeoutMs: options.nodeTimeoutMs,
    ...(settings === undefined ? {} : { settings }),
    ...(signal === undefined ? {} : { signal }),
    ...(onPort === undefined ? {} : { onPort: (port) => onPort(at, port) }),
  });
}

export function clusterUrl(ports: readonly number[]): string {
  return `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
}
