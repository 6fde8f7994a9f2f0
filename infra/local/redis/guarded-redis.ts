import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRestartRule } from '../processes/restart-rule.ts';
import {
  type ClusterOptions,
  type ClusterProcesses,
  nodeFolder,
  startCluster,
  startNode,
} from './cluster-processes.ts';
import { CLUSTER_NODES } from './form-cluster.ts';
import { endLeftOver, forgetPort, notePort } from './left-over-server.ts';
import { startRedisProcess } from './redis-process.ts';

/** What a guardian looks after: one server, or the servers of a cluster. */
export type RedisPlan = {
  readonly layout: RedisLayout;
  readonly program: string;
  readonly folder: string;
  /** Where the ports of running servers are noted; each node of a cluster has a note of its own. */
  readonly portFile: string;
  readonly readyLimitMs: number;
  readonly stopLimitMs: number;
};

export type RedisLayout = 'single' | 'cluster';

export type GuardedRedis = {
  readonly url: string;
  /** Resolves with the last words when it cannot go on, or has ended because it was asked to. */
  readonly ended: Promise<string>;
  /** Ends at once what is still there. */
  kill(): void;
};

/** A node must not be taken for dead because the machine builds a page or wakes from sleep. */
const NODE_TIMEOUT_MS = 5_000;
/** Lies in the folder of a cluster once it was whole; what a start left half done is begun anew. */
const FORMED_FILE = 'formed';

/** Starts it; `signal` asks it to write what it has and leave. */
export async function startGuardedRedis(
  plan: RedisPlan,
  signal: AbortSignal,
): Promise<GuardedRedis> {
  return plan.layout === 'cluster' ? guardCluster(plan, signal) : guardServer(plan, signal);
}

/**
 * Ends servers that outlived their guardian (`left-over-server.ts`). False if one is still there
 * after `stopLimitMs`.
 */
export async function endLeftOvers(plan: LeftOverPlan): Promise<boolean> {
  if (plan.layout === 'single') return endLeftOver(plan.portFile, plan.folder, plan.stopLimitMs);
  const ends = nodeNumbers().map((at) =>
    endLeftOver(noteFile(plan, at), nodeFolder(plan.folder, at), plan.stopLimitMs),
  );
  return (await Promise.all(ends)).every((isGone) => isGone);
}

export type LeftOverPlan = Pick<RedisPlan, 'layout' | 'folder' | 'portFile' | 'stopLimitMs'>;

/** Forgets the notes: no server of this plan runs any more. */
export function forgetPorts(plan: LeftOverPlan): void {
  if (plan.layout === 'single') forgetPort(plan.portFile);
  else for (const at of nodeNumbers()) forgetPort(noteFile(plan, at));
}

async function guardServer(plan: RedisPlan, signal: AbortSignal): Promise<GuardedRedis> {
  const server = await startRedisProcess({
    ...{ program: plan.program, folder: plan.folder, readyLimitMs: plan.readyLimitMs, signal },
    keeps: 'everything',
    onPort: (port) => notePort(plan.portFile, port),
  });
  return { url: server.url, ended: server.ended, kill: () => server.child.kill('SIGKILL') };
}

/**
 * A node that dies is started again in its folder. A replica may have taken its place by then; it
 * finds out from the others and copies that one. A node that dies too often ends the whole, as one
 * server does.
 */
async function guardCluster(plan: RedisPlan, signal: AbortSignal): Promise<GuardedRedis> {
  const formed = join(plan.folder, FORMED_FILE);
  if (!existsSync(formed)) await rm(plan.folder, { recursive: true, force: true });
  await mkdir(plan.folder, { recursive: true });
  const options: ClusterOptions = {
    ...{ program: plan.program, folder: plan.folder, readyLimitMs: plan.readyLimitMs, signal },
    ...{ keeps: 'everything', nodeTimeoutMs: NODE_TIMEOUT_MS },
    onPort: (at, port) => notePort(noteFile(plan, at), port),
  };
  const cluster = await startCluster(options);
  await writeFile(formed, '');
  return keepNodes(cluster, options, signal);
}

function keepNodes(
  { nodes: first, url }: ClusterProcesses,
  options: ClusterOptions,
  asked: AbortSignal,
): GuardedRedis {
  const nodes = [...first];
  const over = new AbortController();
  asked.addEventListener('abort', () => over.abort(), { once: true });
  const { signal } = over;
  let lastWords = '';
  const keep = async (at: number): Promise<void> => {
    const nextPause = createRestartRule(() => performance.now());
    for (;;) {
      const words = (await nodes[at]?.ended) ?? '';
      if (signal.aborted) break;
      console.error(`Node ${at + 1} of the Redis cluster ended: ${lastLine(words)}`);
      const pauseMs = nextPause();
      if (pauseMs === null) {
        lastWords = words;
        over.abort();
        for (const { child } of nodes) child.kill('SIGTERM');
        break;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined); // asked to end meanwhile
      if (signal.aborted) break;
      const next = await startNode({ ...options, signal }, at).catch(() => null);
      if (next !== null) nodes[at] = next;
    }
    await nodes[at]?.ended;
  };
  return {
    url,
    ended: Promise.all(nodeNumbers().map(keep)).then(() => lastWords),
    kill: () => {
      for (const { child } of nodes) child.kill('SIGKILL');
    },
  };
}

function noteFile({ portFile }: LeftOverPlan, at: number): string {
  return `${portFile}-${at + 1}`;
}

function nodeNumbers(): number[] {
  return Array.from({ length: CLUSTER_NODES }, (_, at) => at);
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? text;
}
