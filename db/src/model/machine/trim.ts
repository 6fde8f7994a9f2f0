import type {
  TrimBudgetCommand,
  TrimBudgetReply,
  TrimEndedCommand,
  TrimEndedReply,
  TrimFeedCommand,
  TrimFeedReply,
} from '../event-commands.ts';
import { levelOf } from './budget.ts';
import { isLoading, type Step, stamp } from './step.ts';

export function trimEnded(step: Step, command: TrimEndedCommand): TrimEndedReply {
  const { state, nowMs } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const old = [...state.ended]
    .filter(([, endedAtMs]) => endedAtMs <= nowMs - command.olderThanMs)
    .sort(([a, aMs], [b, bMs]) => aMs - bMs || (a < b ? -1 : 1))
    .slice(0, command.limit);
  for (const [id] of old) {
    const hold = state.holds.get(id);
    if (hold !== undefined && hold.idemField !== '') state.idem.delete(hold.idemField);
    state.holds.delete(id);
    state.ended.delete(id);
  }
  return { ...stamp(step), outcome: 'trimmed', count: old.length };
}

/** All in one part: the model has no reason to be gentle. */
export function trimBudget(step: Step, _command: TrimBudgetCommand): TrimBudgetReply {
  const { state, nowMs } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  const { ownerBudgetMs, addressBudgetMs } = state.policy;
  let count = 0;
  for (const field of [...state.budgets.keys()]) {
    const sizeMs = field.startsWith('owner:') ? ownerBudgetMs : addressBudgetMs;
    if (levelOf(state, field, sizeMs, nowMs) > 0) continue;
    state.budgets.delete(field);
    count += 1;
  }
  return { ...stamp(step), outcome: 'trimmed', count, cursor: '0' };
}

export function trimFeed(step: Step, { epoch, beforeOffset }: TrimFeedCommand): TrimFeedReply {
  const { state } = step;
  if (isLoading(state)) return { ...stamp(step), outcome: 'event.loading' };
  if (state.epoch !== epoch) return { ...stamp(step), outcome: 'epoch.stale' };
  const kept = state.feed.filter((entry) => entry.offset >= beforeOffset);
  const count = state.feed.length - kept.length;
  state.feed = kept;
  return { ...stamp(step), outcome: 'trimmed', count };
}
