import type {
  CatchUpReply,
  DueHead,
  EventHead,
  ProbeReply,
  ReadHoldReply,
  SnapshotReply,
} from '../model/event-commands.ts';
import type { HoldStore } from '../model/hold-store.ts';
import type { EventId, HoldId } from '../model/ids.ts';
import { DEFAULT_POLICY, POLICY_FIELDS } from '../model/policy.ts';
import { eventKey } from './keys.ts';
import type { RedisConnection } from './redis-connection.ts';
import { entriesOf, holdOf, saleState, stampOf, unforeseen } from './replies.ts';
import type { RawReply, RunScript } from './run-script.ts';

type ReadCalls = Pick<
  HoldStore,
  'readHold' | 'knownHolds' | 'probe' | 'snapshot' | 'catchUp' | 'heads' | 'nextDue'
>;

/** What changes nothing. `heads` reads plain hashes; ioredis sends the reads of one tick together. */
export function readCalls(redis: RedisConnection, run: RunScript): ReadCalls {
  return {
    readHold: async (event, query) => {
      const args =
        'holdId' in query
          ? { hold_id: query.holdId, owner: '' }
          : { hold_id: '', owner: query.owner };
      return readHoldReply(await run('read_hold', event, args));
    },
    knownHolds: (event, holds) => knownHolds(redis, event, holds),
    probe: async (event, { owner, idemField }) =>
      probeReply(await run('probe', event, { owner, idem_field: idemField })),
    snapshot: async (event) => snapshotReply(await run('snapshot', event, {})),
    catchUp: async (event, { epoch, offset, chain, limit }) => {
      const args = { seen_epoch: epoch, seen_offset: offset, seen_chain: chain, limit };
      return catchUpReply(await run('catch_up', event, args));
    },
    heads: (events) => Promise.all(events.map((event) => readHead(redis, event))),
    nextDue: (events) =>
      Promise.all(events.map(async (event) => dueHead(await run('next_due', event, {})))),
  };
}

async function knownHolds(
  redis: RedisConnection,
  event: EventId,
  holds: readonly HoldId[],
): Promise<ReadonlySet<HoldId>> {
  if (holds.length === 0) return new Set();
  const records = await redis.hmget(eventKey(event, 'holds'), ...holds);
  return new Set(holds.filter((_, at) => typeof records[at] === 'string'));
}

const HEAD_FIELDS = [
  ...['loading', 'epoch', 'offset', 'chain', 'chartHash', 'seatCount', 'sale', 'version', 'shift'],
  ...POLICY_FIELDS,
];

async function readHead(redis: RedisConnection, event: EventId): Promise<EventHead | null> {
  const values = await redis.hmget(eventKey(event, 'meta'), ...HEAD_FIELDS);
  const [loading, epoch, offset, chain, chartHash, seatCount, sale, version, shift] = values;
  if (loading !== null || epoch === null || epoch === undefined) return null;
  const policy = { ...DEFAULT_POLICY };
  for (const [at, field] of POLICY_FIELDS.entries()) {
    policy[field] = Number(values[HEAD_FIELDS.length - POLICY_FIELDS.length + at]);
  }
  return {
    position: { epoch, offset: Number(offset), chain: chain ?? '' },
    chartHash: chartHash ?? '',
    seatCount: Number(seatCount),
    sale: saleState(sale ?? ''),
    policy,
    version: Number(version),
    shiftMs: Number(shift),
  };
}

function readHoldReply(raw: RawReply): ReadHoldReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'found':
      return { ...stampOf(raw), outcome, ...holdOf(raw) };
    case 'hold.unknown':
    case 'event.loading':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('read_hold', raw);
  }
}

function probeReply(raw: RawReply): ProbeReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'clear':
    case 'known':
    case 'basket':
    case 'overdue':
    case 'event.loading':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('probe', raw);
  }
}

function snapshotReply(raw: RawReply): SnapshotReply {
  const { outcome } = raw;
  if (outcome === 'event.loading') return { ...stampOf(raw), outcome };
  if (outcome !== 'taken') return unforeseen('snapshot', raw);
  const [map = '', chartHash = '', sale = ''] = raw.extras;
  // Map bytes are 0 to 3, so they survive the client's UTF-8 reading unchanged.
  const bytes = new Uint8Array(Buffer.from(map, 'latin1'));
  return { ...stampOf(raw), outcome, map: bytes, chartHash, sale: saleState(sale) };
}

function catchUpReply(raw: RawReply): CatchUpReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'entries':
      return { ...stampOf(raw), outcome, entries: entriesOf(raw) };
    case 'trimmed':
    case 'rewritten':
    case 'other-epoch':
    case 'event.loading':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('catch_up', raw);
  }
}

function dueHead(raw: RawReply): DueHead | null {
  const { nowMs } = raw;
  const [clock = '', dueAt] = raw.extras;
  switch (raw.outcome) {
    case 'due':
      return { nowMs, clock, dueAtMs: Number(dueAt) };
    case 'idle':
      return { nowMs, clock, dueAtMs: null };
    case 'event.loading':
      return null;
    default:
      return unforeseen('next_due', raw);
  }
}
