import type {
  CatchUpQuery,
  CatchUpReply,
  ProbeQuery,
  ProbeReply,
  ReadHoldQuery,
  ReadHoldReply,
  SnapshotReply,
} from '../event-commands.ts';
import { stateOfHolder } from '../feed-record.ts';
import { GENESIS_CHAIN } from '../position.ts';
import { basketOf, held, isLoading, type Step, stamp } from './step.ts';

export function readHold(step: Step, query: ReadHoldQuery): ReadHoldReply {
  const { state } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const id = 'holdId' in query ? query.holdId : basketOf(state, query.owner);
  const hold = id === null ? undefined : state.holds.get(id);
  if (id === null || hold === undefined) return { ...stamp(step), outcome: 'hold.unknown' };
  return { ...stamp(step), outcome: 'found', ...held(id, hold) };
}

export function probe(step: Step, { owner, idemField }: ProbeQuery): ProbeReply {
  const { state, nowMs } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  if (idemField !== '' && state.idem.has(idemField)) return { ...stamp(step), outcome: 'known' };
  if (basketOf(state, owner) !== null) return { ...stamp(step), outcome: 'basket' };
  const overdue = [...state.due.values()].some((dueAtMs) => dueAtMs <= nowMs);
  return { ...stamp(step), outcome: overdue ? 'overdue' : 'clear' };
}

export function snapshot(step: Step): SnapshotReply {
  const { state } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const map = new Uint8Array(state.seatCount);
  for (const [seat, holder] of state.holders) map[seat] = stateOfHolder(holder);
  return { ...stamp(step), outcome: 'taken', map, chartHash: state.chartHash, sale: state.sale };
}

export function catchUp(step: Step, query: CatchUpQuery): CatchUpReply {
  const { state } = step;
  const { epoch, offset, chain, limit } = query;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  if (epoch !== state.epoch) return { ...stamp(step), outcome: 'other-epoch' };
  if (offset > state.offset || (offset === state.offset && chain !== state.chain)) {
    return { ...stamp(step), outcome: 'rewritten' };
  }
  if (offset === state.offset) return { ...stamp(step), outcome: 'entries', entries: [] };
  const seen = offset === 0 ? GENESIS_CHAIN : state.feed.find((e) => e.offset === offset)?.chain;
  const first = state.feed[0]?.offset ?? 0;
  if (seen === undefined || first > offset + 1) return { ...stamp(step), outcome: 'trimmed' };
  if (seen !== chain) return { ...stamp(step), outcome: 'rewritten' };
  const entries = state.feed.filter((entry) => entry.offset > offset).slice(0, limit);
  return { ...stamp(step), outcome: 'entries', entries };
}
