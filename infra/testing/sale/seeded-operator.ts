import type { Journal, JournalEntry } from '@holdfast/db/audit';
import { type Ambient, holdId, sleep } from '@holdfast/db/model';
import type { OpenShow } from '../open-show.ts';
import type { Tally } from './tally.ts';

export type OperatingRules = {
  readonly show: OpenShow;
  readonly fraction: () => number;
  readonly ambient: Ambient;
  readonly tally: Tally;
  /** Ids of holds that shoppers have right now. */
  readonly holds: () => readonly string[];
  readonly signal: AbortSignal;
};

const PAUSE_MS = 350;

/**
 * An operator in the middle of the sale: blocks and frees seats and ends holds, at random. What
 * it is told of ends goes into its journal: an owner who was not told yet keeps nothing by that.
 */
export async function operateAtRandom(rules: OperatingRules): Promise<Journal> {
  const entries: JournalEntry[] = [];
  while (!rules.signal.aborted) {
    await sleep(rules.ambient.timers, PAUSE_MS);
    if (rules.signal.aborted) break;
    const chance = rules.fraction();
    if (chance < 0.3) await revoke(rules, entries);
    else if (chance < 0.7) await block(rules, 'blockSeats');
    else await block(rules, 'unblockSeats');
  }
  return { client: 'operator', entries };
}

async function revoke(rules: OperatingRules, entries: JournalEntry[]): Promise<void> {
  const { show, fraction, tally } = rules;
  const holds = rules.holds();
  const hold = holds[Math.floor(fraction() * holds.length)];
  if (hold === undefined) return;
  const answer = await show.operator.call('revokeHold', { params: { event: show.id, hold } });
  if (answer.kind !== 'done' || answer.status !== 200) {
    tally.count('revoke', answer.kind === 'refused' ? answer.problem.code : answer.kind);
    return;
  }
  const { status, at } = answer.body;
  tally.count('revoke', status);
  if (status === 'held' || status === 'confirming') return;
  entries.push({ kind: 'ended', hold: holdId(hold), how: status, atMs: Date.parse(at) });
}

async function block(rules: OperatingRules, verb: 'blockSeats' | 'unblockSeats'): Promise<void> {
  const { show, fraction, tally } = rules;
  const wanted = 1 + Math.floor(fraction() * 4);
  const any = (): string => show.labels[Math.floor(fraction() * show.labels.length)] ?? '';
  const seats = [...new Set(Array.from({ length: wanted }, any))];
  const request = { params: { event: show.id }, body: { seats, chartHash: show.chartHash } };
  const answer = await (verb === 'blockSeats'
    ? show.operator.call('blockSeats', request)
    : show.operator.call('unblockSeats', request));
  tally.count(verb, answer.kind === 'done' ? `${answer.status}` : answer.kind);
}
