import type { LoadBeginCommand, LoadReply } from '../model/event-commands.ts';
import type { HoldStore } from '../model/hold-store.ts';
import { encodeHolders } from './decision-calls.ts';
import { named, stampOf, unforeseen } from './replies.ts';
import type { RawReply, RunScript } from './run-script.ts';

type LifeCalls = Pick<
  HoldStore,
  | 'loadBegin'
  | 'loadPart'
  | 'loadEnd'
  | 'loadClose'
  | 'newEpoch'
  | 'rebase'
  | 'trimEnded'
  | 'trimBudget'
  | 'trimFeed'
>;

/** An event's life in Redis: loading, epochs, clock shift, trimming; as calls of the scripts. */
export function lifeCalls(run: RunScript): LifeCalls {
  return {
    loadBegin: async (event, command) =>
      loadReply(await run('load_begin', event, loadArgs(command))),
    loadPart: async (event, { token, seats }) =>
      loadReply(await run('load_part', event, { token, seats: encodeHolders(seats) })),
    loadEnd: async (event, { token }) => loadReply(await run('load_end', event, { token })),
    loadClose: async (event, { chartHash }) => {
      const raw = await run('load_close', event, { chart_hash: chartHash });
      const outcome = named(raw, 'closed', 'replayed', 'sale.illegal', 'event.loading');
      return outcome === null ? unforeseen('load_close', raw) : { ...stampOf(raw), outcome };
    },
    newEpoch: async (event, { seenEpoch }) => {
      const raw = await run('new_epoch', event, { seen_epoch: seenEpoch });
      const { outcome } = raw;
      if (outcome === 'renewed' || outcome === 'epoch.stale' || outcome === 'event.loading') {
        return { ...stampOf(raw), outcome };
      }
      return unforeseen('new_epoch', raw);
    },
    rebase: async (event, { seenShiftMs, jumpMs }) => {
      const raw = await run('rebase', event, { seen_shift: seenShiftMs, jump: jumpMs });
      const { outcome } = raw;
      if (outcome === 'rebased' || outcome === 'rebase.stale' || outcome === 'event.loading') {
        return { ...stampOf(raw), outcome };
      }
      return unforeseen('rebase', raw);
    },
    trimEnded: async (event, { olderThanMs, limit }) => {
      const raw = await run('trim_ended', event, { older_than: olderThanMs, limit });
      const { outcome } = raw;
      if (outcome === 'event.loading') return { ...stampOf(raw), outcome };
      if (outcome !== 'trimmed') return unforeseen('trim_ended', raw);
      return { ...stampOf(raw), outcome, count: Number(raw.extras[0]) };
    },
    trimBudget: async (event, { cursor, limit }) => {
      const raw = await run('trim_budget', event, { cursor, limit });
      const { outcome } = raw;
      if (outcome === 'event.loading') return { ...stampOf(raw), outcome };
      if (outcome !== 'trimmed') return unforeseen('trim_budget', raw);
      const [count, next = '0'] = raw.extras;
      return { ...stampOf(raw), outcome, count: Number(count), cursor: next };
    },
    trimFeed: async (event, { beforeOffset, epoch }) => {
      const args = { seen_epoch: epoch, before_offset: beforeOffset };
      const raw = await run('trim_feed', event, args);
      const { outcome } = raw;
      if (outcome === 'epoch.stale' || outcome === 'event.loading') {
        return { ...stampOf(raw), outcome };
      }
      if (outcome !== 'trimmed') return unforeseen('trim_feed', raw);
      return { ...stampOf(raw), outcome, count: Number(raw.extras[0]) };
    },
  };
}

function loadArgs({ token, chartHash, seatCount, sale, version, policy }: LoadBeginCommand) {
  const fields = Object.entries(policy).map(([name, value]) => `${name}=${value}`);
  return {
    token,
    chart_hash: chartHash,
    seats: seatCount,
    sale_state: sale,
    version,
    rules: fields.join(','),
  };
}

function loadReply(raw: RawReply): LoadReply {
  const { outcome } = raw;
  switch (outcome) {
    case 'begun':
    case 'stored':
    case 'opened':
    case 'event.open':
    case 'load.taken':
    case 'seats.invalid':
    case 'policy.invalid':
      return { ...stampOf(raw), outcome };
    default:
      return unforeseen('load', raw);
  }
}
