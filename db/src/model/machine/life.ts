import type { SaleState } from '../chart.ts';
import {
  LOAD_PART_MAX,
  LOAD_STALE_MS,
  type LoadBeginCommand,
  type LoadCloseCommand,
  type LoadCloseReply,
  type LoadEndCommand,
  type LoadPartCommand,
  type LoadReply,
  type NewEpochCommand,
  type NewEpochReply,
  type RebaseCommand,
  type RebaseReply,
  type SaleCommand,
  type SaleReply,
} from '../event-commands.ts';
import { wrongPolicyField } from '../policy.ts';
import { type EventState, unloadedEvent } from './event-state.ts';
import { isLoading, type Step, stamp, writeSeat } from './step.ts';

const LEGAL_SALES: ReadonlySet<string> = new Set([
  'draft>open',
  'open>paused',
  'paused>open',
  'open>closed',
  'paused>closed',
]);

export function sale(step: Step, { next, version }: SaleCommand): SaleReply {
  const { state } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const present: SaleState = state.sale;
  // Two changes may arrive in the other order; the later document's word stands.
  if (version < state.version) return { ...stamp(step), outcome: 'replayed', sale: present };
  if (present === next) {
    state.version = version;
    return { ...stamp(step), outcome: 'replayed', sale: present };
  }
  if (!LEGAL_SALES.has(`${present}>${next}`)) {
    return { ...stamp(step), outcome: 'sale.illegal', sale: present };
  }
  state.sale = next;
  state.version = version;
  return { ...stamp(step), outcome: 'changed', sale: next };
}

export function loadBegin(step: Step, command: LoadBeginCommand): LoadReply {
  const { state, nowMs } = step;
  const { token, chartHash, seatCount, policy, version } = command;
  if (state.epoch !== '0' && state.loading === null) {
    return { ...stamp(step), outcome: 'event.open' };
  }
  if (state.loading?.token === token) return { ...stamp(step), outcome: 'begun' };
  if (state.loading !== null && nowMs - state.loading.atMs < LOAD_STALE_MS) {
    return { ...stamp(step), outcome: 'load.taken' };
  }
  if (wrongPolicyField(policy) !== null) return { ...stamp(step), outcome: 'policy.invalid' };
  const epoch = freshEpoch(step);
  Object.assign(state, unloadedEvent(policy), {
    epoch,
    clock: `${epoch}.0`,
    shiftMs: state.shiftMs,
    chartHash,
    seatCount,
    sale: command.sale,
    version,
    loading: { token, atMs: nowMs },
  } satisfies Partial<EventState>);
  return { ...stamp(step), outcome: 'begun' };
}

export function loadPart(step: Step, { token, seats }: LoadPartCommand): LoadReply {
  const { state } = step;
  if (state.epoch !== '0' && state.loading === null) {
    return { ...stamp(step), outcome: 'event.open' };
  }
  if (state.loading?.token !== token) return { ...stamp(step), outcome: 'load.taken' };
  const foreign = seats.some(({ seat }) => seat < 0 || seat >= state.seatCount);
  if (foreign || seats.length > LOAD_PART_MAX) {
    return { ...stamp(step), outcome: 'seats.invalid' };
  }
  for (const { seat, holder } of seats) writeSeat(step, seat, holder);
  state.loading = { token, atMs: step.nowMs };
  return { ...stamp(step), outcome: 'stored' };
}

export function loadEnd(step: Step, { token }: LoadEndCommand): LoadReply {
  const { state } = step;
  if (state.epoch !== '0' && state.loading === null) {
    return { ...stamp(step), outcome: 'event.open' };
  }
  if (state.loading?.token !== token) return { ...stamp(step), outcome: 'load.taken' };
  state.loading = null;
  return { ...stamp(step), outcome: 'opened' };
}

/** The closed state may be taken over at once: nobody is loading it. */
export function loadClose(step: Step, { chartHash }: LoadCloseCommand): LoadCloseReply {
  const { state } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  if (state.chartHash === chartHash) return { ...stamp(step), outcome: 'replayed' };
  if (state.sale !== 'draft') return { ...stamp(step), outcome: 'sale.illegal' };
  state.loading = { token: 'closed', atMs: 0 };
  return { ...stamp(step), outcome: 'closed' };
}

export function newEpoch(step: Step, { seenEpoch }: NewEpochCommand): NewEpochReply {
  if (isLoading(step.state)) return { ...stamp(step), outcome: 'event.loading' };
  if (step.state.epoch !== seenEpoch) return { ...stamp(step), outcome: 'epoch.stale' };
  step.state.epoch = freshEpoch(step);
  return { ...stamp(step), outcome: 'renewed' };
}

export function rebase(step: Step, { seenShiftMs, jumpMs }: RebaseCommand): RebaseReply {
  const { state } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  if (state.shiftMs !== seenShiftMs) return { ...stamp(step), outcome: 'rebase.stale' };
  state.shiftMs -= jumpMs;
  const [life = '', settled] = state.clock.split('.');
  state.clock = `${life}.${Number(settled) + 1}`;
  return { ...stamp(step), nowMs: step.nowMs - jumpMs, outcome: 'rebased' };
}

const MICROSECONDS_PER_MS = 1_000;

/** Microseconds of the unshifted clock, or one more than the old epoch. */
function freshEpoch({ state, nowMs }: Step): string {
  const timeMs = nowMs - state.shiftMs;
  return `${Math.max(Number(state.epoch) + 1, Math.round(timeMs * MICROSECONDS_PER_MS))}`;
}
