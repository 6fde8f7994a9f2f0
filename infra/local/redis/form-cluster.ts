import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { LOOPBACK } from '../free-port.ts';

/**
 * Makes one cluster of six servers: three primaries that share all slots, each with a replica.
 *
 * A first start gives out the slots; a later one finds them in the servers' own files. In both cases
 * nobody knows where the others listen now, since ports are new with every start: so every node is
 * told of every other, which also spares the time that gossip would take. The work is done when each
 * node by itself sees a whole cluster and each replica has copied its primary.
 */
export type ClusterNodeAddress = { readonly port: number; readonly busPort: number };

/** The servers run but did not become one cluster. */
export class ClusterNotFormedError extends Error {
  override readonly name = 'ClusterNotFormedError';
  readonly code = 'redis.cluster-not-formed';
}

export const PRIMARIES = 3;
export const CLUSTER_NODES = 2 * PRIMARIES;
const SLOTS = 16_384;
const LOOK_AGAIN_MS = 50;
const COMMAND_LIMIT_MS = 5_000;

type Node = { readonly redis: Redis; readonly address: ClusterNodeAddress };

export async function formCluster(
  addresses: readonly ClusterNodeAddress[],
  limitMs: number,
): Promise<void> {
  const nodes = addresses.map((address) => ({ address, redis: connectNode(address.port) }));
  const endMs = performance.now() + limitMs;
  try {
    const isNew = (await knownSlots(nodes)) === 0;
    if (isNew) await giveOutSlots(nodes);
    await introduceAll(nodes);
    if (isNew) await makeReplicas(nodes, endMs);
    await untilEach('a whole cluster with copies of everything', nodes, endMs, seesWholeCluster);
  } finally {
    for (const { redis } of nodes) redis.disconnect();
  }
}

function connectNode(port: number): Redis {
  const redis = new Redis({ port, host: LOOPBACK, commandTimeout: COMMAND_LIMIT_MS });
  redis.on('error', () => undefined); // the command itself fails then
  return redis;
}

async function knownSlots(nodes: readonly Node[]): Promise<number> {
  const infos = await Promise.all(nodes.map(({ redis }) => redis.cluster('INFO')));
  return Math.max(...infos.map((info) => Number(fieldOf(`${info}`, 'cluster_slots_assigned'))));
}

async function giveOutSlots(nodes: readonly Node[]): Promise<void> {
  for (const [at, { redis }] of nodes.entries()) {
    // Different from the start, nodes need not argue about whose word is newer.
    await redis.cluster('SET-CONFIG-EPOCH', at + 1);
    if (at >= PRIMARIES) continue;
    const from = Math.ceil((at * SLOTS) / PRIMARIES);
    const to = Math.ceil(((at + 1) * SLOTS) / PRIMARIES) - 1;
    await redis.cluster('ADDSLOTSRANGE', from, to);
  }
}

async function introduceAll(nodes: readonly Node[]): Promise<void> {
  for (const { redis } of nodes) {
    for (const { address, redis: other } of nodes) {
      if (other === redis) continue;
      // ioredis types this subcommand without the port of the bus.
      await redis.call('CLUSTER', 'MEET', LOOPBACK, address.port, address.busPort);
    }
  }
}

/** Node 4 copies node 1, 5 copies 2, 6 copies 3. */
async function makeReplicas(nodes: readonly Node[], endMs: number): Promise<void> {
  for (const [at, { redis }] of nodes.slice(0, PRIMARIES).entries()) {
    const id = `${await redis.cluster('MYID')}`;
    const replica = nodes[PRIMARIES + at];
    if (replica === undefined) continue;
    await untilEach('its primary', [replica], endMs, async (node) => {
      const seen = `${await node.redis.cluster('NODES')}`;
      return seen.split('\n').some((line) => line.startsWith(id) && !line.includes('handshake'));
    });
    await replica.redis.cluster('REPLICATE', id);
  }
}

async function seesWholeCluster({ redis }: Node): Promise<boolean> {
  const info = `${await redis.cluster('INFO')}`;
  const lines = `${await redis.cluster('NODES')}`.trim().split('\n');
  const connected = lines.filter((line) => !/handshake|fail|disconnected/.test(line));
  const copying = lines.filter((line) => /\bslave\b/.test(line)).length;
  const replication = await redis.info('replication');
  const isCopied =
    fieldOf(replication, 'role') === 'master' ||
    fieldOf(replication, 'master_link_status') === 'up';
  return (
    fieldOf(info, 'cluster_state') === 'ok' &&
    fieldOf(info, 'cluster_slots_assigned') === `${SLOTS}` &&
    connected.length === CLUSTER_NODES &&
    copying === CLUSTER_NODES - PRIMARIES &&
    isCopied
  );
}

async function untilEach(
  what: string,
  nodes: readonly Node[],
  endMs: number,
  isSo: (node: Node) => Promise<boolean>,
): Promise<void> {
  for (const node of nodes) {
    while (!(await isSo(node))) {
      if (performance.now() > endMs) {
        const where = `${LOOPBACK}:${node.address.port}`;
        throw new ClusterNotFormedError(`The Redis server at ${where} does not see ${what}.`);
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

function fieldOf(info: string, name: string): string | undefined {
  const line = info.split('\r\n').find((text) => text.startsWith(`${name}:`));
  return line?.slice(name.length + 1);
}
