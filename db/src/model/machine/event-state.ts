import type { SaleState } from '../chart.ts';
import type { FeedEntry } from '../feed-record.ts';
import type { HoldRecord } from '../hold-record.ts';
import type { HoldId } from '../ids.ts';
import type { Policy } from '../policy.ts';
import { GENESIS_CHAIN } from '../position.ts';
import type { Holder } from '../reply.ts';

/**
 * All that Redis keeps of one event, as plain values. The reference model below works on it in
 * place: a transition is a deterministic function of (state, command, time), with no I/O.
 */
export type EventState = {
  epoch: string;
  offset: number;
  chain: string;
  shiftMs: number;
  /** How the clock is set: `<life>.<times settled>`. */
  clock: string;
  sweptAtMs: number;
  chartHash: string;
  seatCount: number;
  sale: SaleState;
  policy: Policy;
  version: number;
  loading: { readonly token: string; readonly atMs: number } | null;
  /** Absent = available. */
  holders: Map<number, Exclude<Holder, ''>>;
  holds: Map<HoldId, HoldRecord>;
  /** Live holds by `<owner>/<hold>`. */
  owned: Set<string>;
  due: Map<HoldId, number>;
  ended: Map<HoldId, number>;
  idem: Map<string, { readonly holdId: HoldId; readonly bodyHash: string }>;
  feed: FeedEntry[];
  /** By `owner:<hash>` or `address:<hash>`. */
  budgets: Map<string, BudgetLevel>;
};

/** Unbought seat-milliseconds, and when it was so much; it sinks from then on. */
export type BudgetLevel = { readonly levelMs: number; readonly atMs: number };

/** The state before any `load_begin`: epoch 0 answers `event.loading` to everything. */
export function unloadedEvent(policy: Policy): EventState {
  return {
    epoch: '0',
    offset: 0,
    chain: GENESIS_CHAIN,
    shiftMs: 0,
    clock: '',
    sweptAtMs: 0,
    chartHash: '',
    seatCount: 0,
    sale: 'draft',
    policy,
    version: 0,
    loading: null,
    holders: new Map(),
    holds: new Map(),
    owned: new Set(),
    due: new Map(),
    ended: new Map(),
    idem: new Map(),
    feed: [],
    budgets: new Map(),
  };
}
